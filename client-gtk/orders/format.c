/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format.h"

#include "lib/times.h"
#include "lib/types.h"

#include <glib/gi18n.h>

static const struct
{
  const char *nick;
  const char *word;
} states[] = {
  { "queued", NC_("order", "queued") },
  { "submitting", NC_("order", "being placed") },
  { "validating", NC_("order", "validating") },
  { "vetting", NC_("order", "vetting") },
  { "issued", NC_("order", "issued") },
  { "reissuing", NC_("order", "reissuing") },
  { "renewing", NC_("order", "renewing") },
  { "rejected", NC_("order", "rejected") },
  { "cancelled", NC_("order", "cancelled") },
  { "revoked", NC_("order", "revoked") },
  { "expired", NC_("order", "expired") },
  { "failed", NC_("order", "failed") },
};

const char *
ch_format_state (const char *nick)
{
  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_str_equal (states[i].nick, nick))
      return g_dpgettext2 (NULL, "order", states[i].word);

  return nick;
}

/* What a state means to who looks over a list. */
typedef enum
{
  MOOD_NONE,
  MOOD_BUSY,
  MOOD_GOOD,
  MOOD_OVER,
  MOOD_BAD,
} Mood;

static const struct
{
  const char *icon;
  const char *classes[2];
} moods[] = {
  [MOOD_NONE] = { "", { NULL } },
  [MOOD_BUSY] = { "content-loading-symbolic", { "accent" } },
  [MOOD_GOOD] = { "object-select-symbolic", { "success" } },
  [MOOD_OVER] = { "process-stop-symbolic", { "dim-label" } },
  [MOOD_BAD] = { "dialog-error-symbolic", { "error" } },
};

static Mood
mood_of (const char *nick)
{
  int state;

  if (nick == NULL || *nick == '\0')
    return MOOD_NONE;
  /* One that a newer service has. */
  if (!ch_from_nick (CH_TYPE_ORDER_STATE, nick, &state, NULL))
    return MOOD_BUSY;

  switch ((ChOrderState) state)
    {
    case CH_ORDER_STATE_ISSUED:
      return MOOD_GOOD;
    case CH_ORDER_STATE_FAILED:
    case CH_ORDER_STATE_REJECTED:
      return MOOD_BAD;
    case CH_ORDER_STATE_CANCELLED:
    case CH_ORDER_STATE_REVOKED:
    case CH_ORDER_STATE_EXPIRED:
      return MOOD_OVER;
    default:
      return MOOD_BUSY;
    }
}

static char *
state_icon (gpointer    self,
            const char *nick)
{
  return g_strdup (moods[mood_of (nick)].icon);
}

static GStrv
state_classes (gpointer    self,
               const char *nick)
{
  return g_strdupv ((char **) moods[mood_of (nick)].classes);
}

static char *
state_word (gpointer    self,
            const char *nick)
{
  return g_strdup (ch_format_state (nick != NULL ? nick : ""));
}

/* served: by the servers that shall */

static const struct
{
  const char *nick;
  const char *word;
  Mood mood;
} served[] = {
  { "served", NC_("certificate", "served"), MOOD_GOOD },
  { "pending", NC_("certificate", "not yet"), MOOD_BUSY },
  { "failing", NC_("certificate", "not served"), MOOD_BAD },
};

static char *
served_word (gpointer    self,
             const char *nick)
{
  for (gsize i = 0; i < G_N_ELEMENTS (served); i++)
    if (g_strcmp0 (served[i].nick, nick) == 0)
      return g_strdup (g_dpgettext2 (NULL, "certificate", served[i].word));

  return g_strdup ("");
}

static GStrv
served_classes (gpointer    self,
                const char *nick)
{
  for (gsize i = 0; i < G_N_ELEMENTS (served); i++)
    if (g_strcmp0 (served[i].nick, nick) == 0)
      return g_strdupv ((char **) moods[served[i].mood].classes);

  return g_strdupv ((char **) moods[MOOD_NONE].classes);
}

static char *
format_product (gpointer    self,
                const char *nick)
{
  return ch_format_product (nick != NULL ? nick : "");
}

static char *
format_day (gpointer self,
            gint64   time)
{
  char *text = ch_time_minute (time);
  char *blank = strchr (text, ' ');

  if (blank != NULL)
    *blank = '\0';
  return text;
}

static gboolean
is_text (gpointer    self,
         const char *text)
{
  return text != NULL && *text != '\0';
}

void
ch_format_bind (GtkWidgetClass *widget)
{
  gtk_widget_class_bind_template_callback (widget, state_icon);
  gtk_widget_class_bind_template_callback (widget, state_classes);
  gtk_widget_class_bind_template_callback (widget, state_word);
  gtk_widget_class_bind_template_callback (widget, served_word);
  gtk_widget_class_bind_template_callback (widget, served_classes);
  gtk_widget_class_bind_template_callback (widget, format_product);
  gtk_widget_class_bind_template_callback (widget, format_day);
  gtk_widget_class_bind_template_callback (widget, is_text);
}

/* lines of a story */

static const struct
{
  const char *kind;
  const char *icon;
  const char *title;
} lines[] = {
  { "done", "object-select-symbolic", N_("Done") },
  { "now", "content-loading-symbolic", N_("Now") },
  { "next", "go-next-symbolic", N_("Next") },
  { "seen", "view-reveal-symbolic", N_("Seen") },
  { "problem", "dialog-warning-symbolic", N_("Problem") },
};

const char *
ch_format_line_icon (const char *kind)
{
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    if (g_str_equal (lines[i].kind, kind))
      return lines[i].icon;

  return "dialog-information-symbolic";
}

const char *
ch_format_line_title (const char *kind)
{
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    if (g_str_equal (lines[i].kind, kind))
      return _(lines[i].title);

  return _("Note");
}

/* words */

static const struct
{
  const char *nick;
  const char *text;
} products[] = {
  { "alphassl", "AlphaSSL" },
  { "domainssl", "DomainSSL" },
  { "organizationssl", "OrganizationSSL" },
  { "extendedssl", "ExtendedSSL" },
}, methods[] = {
  { "dns", N_("TXT record") },
  { "http", N_("File on the web server") },
  { "email", N_("E-mail to an approver") },
};

char *
ch_format_product (const char *nick)
{
  for (gsize i = 0; i < G_N_ELEMENTS (products); i++)
    if (g_str_equal (products[i].nick, nick))
      return g_strdup (products[i].text);

  return g_strdup (nick);
}

const char *
ch_format_method (const char *nick)
{
  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++)
    if (g_str_equal (methods[i].nick, nick))
      return _(methods[i].text);

  return nick;
}
