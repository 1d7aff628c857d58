/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* What a kind of service wants: which files, how it looks at its own configuration, how it takes them, where it is seen.
 * A template is a key file of ours (data/templates) or of the administrator, whose file takes the place of ours with the
 * same name. It is read each time that it is used; what it lets run is decided by who may write it. */

/** CH_TEMPLATE_PROGRAM: what names of programs begin with that a template lets run: "template:nginx/test". */
#define CH_TEMPLATE_PROGRAM "template:"

/** ChTemplateFile: one file that the service wants. */
typedef struct
{
  char *part;
  char *format;   /* (nullable) */
  char *alias;    /* (nullable) */
  char *path;     /* with "%n" for the first name */
  char *owner;    /* (nullable) */
  char *group;    /* (nullable) */
  char *mode;     /* (nullable): octal */
} ChTemplateFile;

typedef struct
{
  char *name;           /* "nginx" */
  char *source;         /* path of its file */
  char *title;
  GPtrArray *files;     /* (element-type ChTemplateFile) */
  char **test;          /* (nullable): argument vector */
  char **reload;        /* (nullable): argument vector, where there is no unit */
  char *unit;           /* (nullable): what systemd is to reload */
  guint16 port;         /* 0: nothing is looked at */
  char *host;           /* (nullable): where, if not at the first name */
  char *start_tls;      /* (nullable) */
  guint patience;       /* as in #ChEndpoint */
} ChTemplate;

void ch_template_free (ChTemplate *template);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChTemplate, ch_template_free)

/** ch_template_names: (transfer full): all there are, sorted, also those that cannot be read. */
GStrv ch_template_names (void);

/**
 * ch_template_find:
 * @name: as somebody wants it
 *
 * Returns: (transfer full): the template, or %NULL with %CH_ERROR_INVALID: there is none (the message lists those there
 *   are), something in it is wrong (the message names file, group and key), or others could write it
 */
ChTemplate *ch_template_find (const char *name,
                              GError    **error);

/** ch_template_path: (transfer full): @pattern with @name in it, of which nothing but letters, digits, “-”, “.” and “_” is left. */
char *ch_template_path (const char *pattern,
                        const char *name);

/** ch_template_program: (transfer full): the argument vector of "template:nginx/test", or %NULL with %CH_ERROR_INVALID. */
GStrv ch_template_program (const char *program,
                           GError    **error);
