#include <microhttpd.h>

/* Swift imports neither variadic functions nor options that carry callbacks. */

struct http_settings {
  int listen_socket;
  unsigned int threads;
  unsigned int connections;
  unsigned int connections_per_address;
  unsigned int idle_seconds;
  size_t connection_memory;
};

typedef size_t (*http_unescape)(void *context, struct MHD_Connection *connection, char *text);

static inline struct MHD_Daemon *http_start(
    const struct http_settings *settings, MHD_AccessHandlerCallback answer,
    MHD_RequestCompletedCallback completed, MHD_NotifyConnectionCallback notify,
    http_unescape unescape, void *context) {
  struct MHD_OptionItem options[] = {
    {MHD_OPTION_LISTEN_SOCKET, settings->listen_socket, 0},
    {MHD_OPTION_CONNECTION_LIMIT, settings->connections, 0},
    {MHD_OPTION_PER_IP_CONNECTION_LIMIT, settings->connections_per_address, 0},
    {MHD_OPTION_CONNECTION_TIMEOUT, settings->idle_seconds, 0},
    {MHD_OPTION_CONNECTION_MEMORY_LIMIT, (intptr_t)settings->connection_memory, 0},
    {MHD_OPTION_STRICT_FOR_CLIENT, 1, 0},
    {MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)completed, context},
    {MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)notify, context},
    {MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t)unescape, context},
    {settings->threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END, settings->threads, 0},
    {MHD_OPTION_END, 0, 0}};
  return MHD_start_daemon(
      MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC, 0, 0, 0, answer,
      context, MHD_OPTION_ARRAY, options, MHD_OPTION_END);
}

static inline void *http_socket_context(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  return info == 0 ? 0 : info->socket_context;
}

static inline int http_socket(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  return info == 0 ? -1 : info->connect_fd;
}
