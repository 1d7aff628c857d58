/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/alarm.h"

#include <errno.h>
#include <glib-unix.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* Not a fixed day: behind it the timer would be over at once, again and again. */
#define FAR_SECONDS (10 * 365 * 24 * 60 * 60)

struct _ChAlarm
{
  GSourceFunc ring;
  gpointer data;
  guint timeout;      /* source id, 0: none */
  int clock_fd;       /* readable when the wall clock was set; -1: the kernel has no such timer */
  guint clock_watch;
};

gint64
ch_now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

/* A timer so far away that it hardly ever runs out (then it is armed anew), to be cancelled when the clock is
 * set or the machine resumes (timerfd_create(2), TFD_TIMER_CANCEL_ON_SET): costs nothing until it happens. */
static void
watch_clock (ChAlarm *alarm)
{
  struct itimerspec far = { .it_value.tv_sec = (time_t) ch_now () + FAR_SECONDS };

  timerfd_settime (alarm->clock_fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &far, NULL);
}

static gboolean
clock_set_cb (int          fd,
              GIOCondition condition,
              gpointer     data)
{
  ChAlarm *alarm = data;
  guint64 expirations;

  if (read (fd, &expirations, sizeof expirations) < 0 && errno == EAGAIN)
    return G_SOURCE_CONTINUE;

  watch_clock (alarm);
  alarm->ring (alarm->data);
  return G_SOURCE_CONTINUE;
}

ChAlarm *
ch_alarm_new (GSourceFunc ring,
              gpointer    data)
{
  ChAlarm *alarm = g_new0 (ChAlarm, 1);

  alarm->ring = ring;
  alarm->data = data;
  alarm->clock_fd = timerfd_create (CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
  if (alarm->clock_fd >= 0)
    {
      watch_clock (alarm);
      alarm->clock_watch = g_unix_fd_add (alarm->clock_fd, G_IO_IN, clock_set_cb, alarm);
    }

  return alarm;
}

static gboolean
timeout_cb (gpointer data)
{
  ChAlarm *alarm = data;

  alarm->timeout = 0;
  alarm->ring (alarm->data);
  return G_SOURCE_REMOVE;
}

void
ch_alarm_set (ChAlarm *alarm,
              gint64   when)
{
  g_clear_handle_id (&alarm->timeout, g_source_remove);
  if (when == 0)
    return;

  gint64 wait = CLAMP (when * 1000 - g_get_real_time () / 1000, 0, G_MAXINT);
  alarm->timeout = g_timeout_add ((guint) wait, timeout_cb, alarm);
}

void
ch_alarm_free (ChAlarm *alarm)
{
  g_clear_handle_id (&alarm->timeout, g_source_remove);
  g_clear_handle_id (&alarm->clock_watch, g_source_remove);
  if (alarm->clock_fd >= 0)
    close (alarm->clock_fd);
  g_free (alarm);
}
