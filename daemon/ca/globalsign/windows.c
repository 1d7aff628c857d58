/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "windows.h"

#include "ca/globalsign/codes.h"
#include "lib/times.h"

#include <glib/gi18n.h>
#include <string.h>

/* No query gives more orders than this (docs/globalsign.md, Queries). */
#define ROWS_MAX 500

/* What a window should hold: far enough below, and not too much in memory at a time. */
#define ROWS_AIM 300

/* Nobody has that many windows of orders: a server that ignores the dates must not be asked for ever. Those do not
 * count that bring many orders and get on. */
#define ASKS_MAX 1000
#define ROWS_WORTH_IT 100
#define GETS_ON 60

/* The second that @to is goes on to its end: orders have milliseconds. */
static char *
last_moment (gint64 to)
{
  g_autofree char *date = ch_soap_date (to);

  return g_strdup_printf ("%.*s.999Z", (int) strcspn (date, "."), date);
}

static ChSoapReply *
ask_window (const ChGsQuery *query,
            gint64           from,
            gint64           to,
            GError         **error)
{
  xmlNode *request = ch_gs_request_new (query->access, query->operation, CH_GS_QUERY_HEADER);
  g_autofree char *from_date = ch_soap_date (from);
  g_autofree char *to_date = last_moment (to);

  ch_soap_add (request, "FromDate", from_date);
  ch_soap_add (request, "ToDate", to_date);
  ch_gs_add_options (request, query->detail, query->order_status);
  ch_soap_add (request, "SubID", query->sub_id);

  return ch_gs_call (query->access, CH_GS_QUERIES, request, query->cancellable, error);
}

static guint
count (const xmlNode *list,
       const char    *name)
{
  guint n = 0;

  for (const xmlNode *entry = NULL; (entry = ch_soap_next (list, entry, name)) != NULL;)
    n++;

  return n;
}

/* Nobody knows whether a list that is too long is cut or refused (docs/globalsign.md, Queries): both are split. */
static gboolean
is_too_much (const ChGsQuery   *query,
             const ChSoapReply *reply,
             guint              n,
             const GError      *trouble)
{
  if (reply == NULL)
    return query->splits_unreadable && g_error_matches (trouble, CH_ERROR, CH_ERROR_BAD_ANSWER);
  if (reply->success < 0)
    return reply->code == CH_GS_CODE_LOGICAL_LIMIT || reply->code == CH_GS_CODE_NOT_PROCESSED;

  return n >= ROWS_MAX;
}

static gboolean
take_window (const ChGsQuery   *query,
             const ChSoapReply *reply,
             guint              n,
             gint64             from,
             gint64             to,
             GError           **error)
{
  if (!ch_gs_check (query->access, reply, error))
    return FALSE;

  if (query->strict && n >= ROWS_MAX)
    {
      g_autofree char *second = ch_time_second (from);
      return ch_error_set (error, CH_ERROR_LIMIT,
                           _("GlobalSign gives no more than %d orders at a time, and so many were placed at %s; ask "
                             "for a time before or after it"), ROWS_MAX, second);
    }

  return query->take (ch_soap_find (reply->response, query->list), from, to, query->data, error);
}

/* How wide the next window should be after one of @width that held @n. */
static gint64
next_width (gint64 width,
            guint  n)
{
  if (n > ROWS_AIM)
    return MAX (width * ROWS_AIM / n, 1);

  return width > G_MAXINT64 / 8 ? width : n < ROWS_AIM / 2 ? width * 2 : width;
}

gboolean
ch_gs_walk (const ChGsQuery *query,
            gint64           from,
            gint64           to,
            GError         **error)
{
  gint64 all = to - from + 1;
  gint64 width = query->width > 0 ? MIN (query->width, all) : all;
  guint asks = 0;

  while (from <= to)
    {
      g_autoptr(GError) trouble = NULL;
      gint64 end = MIN (from + width - 1, to);

      if (asks++ >= ASKS_MAX)
        return ch_error_set (error, CH_ERROR_BAD_ANSWER,
                             _("GlobalSign gives %d orders and more for any time that is asked for"), ROWS_MAX);

      g_autoptr(ChSoapReply) reply = ask_window (query, from, end, &trouble);
      guint n = reply != NULL ? count (ch_soap_find (reply->response, query->list), query->entry) : 0;
      if (is_too_much (query, reply, n, trouble) && from < end)
        {
          width = (end - from) / 2 + 1;
          continue;
        }
      if (reply == NULL)
        {
          g_propagate_error (error, g_steal_pointer (&trouble));
          return FALSE;
        }
      if (!take_window (query, reply, n, from, end, error))
        return FALSE;

      if (n >= ROWS_WORTH_IT && end - from >= GETS_ON)
        asks--;
      from = end + 1;
      width = next_width (width, n);
    }

  return TRUE;
}
