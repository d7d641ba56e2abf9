#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Swift does not see which thread's id a timer's signal goes to. */

static inline int timer_of_this_thread(int signal, timer_t *timer) {
  struct sigevent event = {0};
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = signal;
  event._sigev_un._tid = (pid_t)syscall(SYS_gettid);
  return timer_create(CLOCK_MONOTONIC, &event, timer);
}
