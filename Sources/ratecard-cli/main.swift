internal import Glibc
internal import RatecardCommand

exit(Program.run(.ofProcess()))
