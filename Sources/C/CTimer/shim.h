#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* What Swift does not see: which thread's id a timer's signal goes to, and what it brings along. */

struct turns {
  timer_t timer;
  int64_t nanoseconds;
  /* How long the thread had worked when this turn began. */
  int64_t began;
};

static inline int64_t turns_worked(void) {
  struct timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

/* The timer counts the time that the thread waits for the processor too, which is no turn of its own. */
static inline void turns_over(int signal, siginfo_t *info, void *context) {
  struct turns *turns = (struct turns *)info->si_value.sival_ptr;
  int64_t worked = turns_worked();
  if (worked - turns->began < turns->nanoseconds) return;
  turns->began = worked;
  sched_yield();
}

/* Sends the signal to this thread every so often; 0: it does. */
static inline int turns_begin(struct turns *turns, int signal, int64_t nanoseconds) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = turns_over;
  action.sa_flags = SA_RESTART | SA_SIGINFO;
  if (sigaction(signal, &action, NULL) != 0) return -1;

  struct sigevent event;
  memset(&event, 0, sizeof event);
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = signal;
  event.sigev_value.sival_ptr = turns;
  event._sigev_un._tid = (pid_t)syscall(SYS_gettid);
  turns->nanoseconds = nanoseconds;
  turns->began = turns_worked();
  if (timer_create(CLOCK_MONOTONIC, &event, &turns->timer) != 0) return -1;

  /* Whoever started the thread may keep signals from it. */
  sigset_t ours;
  sigemptyset(&ours);
  sigaddset(&ours, signal);
  pthread_sigmask(SIG_UNBLOCK, &ours, NULL);
  struct timespec turn = {nanoseconds / 1000000000, nanoseconds % 1000000000};
  struct itimerspec every = {turn, turn};
  if (timer_settime(turns->timer, 0, &every, NULL) == 0) return 0;
  timer_delete(turns->timer);
  return -1;
}

/* A signal that is on its way is taken before this returns. */
static inline void turns_end(struct turns *turns) { timer_delete(turns->timer); }
