"""What the stand-in answers when it refuses."""

import http


class Refusal(Exception):
    """An error answer: its status, and the code and message of its body.

    `detail` goes to the control ledger only. The published facts do not say that a refused batch
    names its culprit, so a client must not count on being told.
    """

    def __init__(self, status, code, message, detail=None):
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.detail = detail or message

    def body(self):
        return {"code": self.code, "message": self.message}


def unprocessable(message, code="INVALID_REQUEST_BODY", detail=None):
    return Refusal(http.HTTPStatus.UNPROCESSABLE_ENTITY, code, message, detail)


def invalid(message, code="INVALID_REQUEST_PARAMETERS", detail=None):
    return Refusal(http.HTTPStatus.BAD_REQUEST, code, message, detail)


def missing(what):
    return Refusal(http.HTTPStatus.NOT_FOUND, "NOT_FOUND", f"{what} not found")


def conflict(message, code):
    return Refusal(http.HTTPStatus.CONFLICT, code, message)
