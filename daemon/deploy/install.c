/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/install.h"

#include "lib/checkpoint.h"
#include "lib/error.h"

#include <glib/gi18n.h>

/*
 * What makes several files one switch: the first file of the plan is swapped first, restored last and settled
 * first. So its old file is there whenever another's is — but for one case: the run has seen the new
 * certificate being served and died while it settled. Old files that are left from that are no way back and
 * are removed before a run begins.
 */

typedef struct
{
  const ChInstallPlan *plan;
  ChInstallNote note;
  gpointer data;
  gboolean *touched;    /* (owned): per file: this run or one that died before it has left something there */
  gboolean swapped;     /* new files may be in place */
  gboolean acted;       /* a service may have seen new files */
} Run;

static const ChTargetFile *
file_of (const Run *run,
         guint      i)
{
  return g_ptr_array_index (run->plan->files, i);
}

static guint
n_files (const Run *run)
{
  return run->plan->files->len;
}

static void
tell (const Run  *run,
      const char *step,
      gboolean    ok,
      const char *text)
{
  if (run->note != NULL)
    run->note (step, ok, text, run->data);
}

/* ---- before ---- */

static gboolean
check (const ChInstallPlan *plan,
       GError             **error)
{
  g_autoptr(GHashTable) paths = g_hash_table_new (g_str_hash, g_str_equal);

  if (plan->files->len == 0)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("The deployment has no files to install: give at least one"));

  for (guint i = 0; i < plan->files->len; i++)
    {
      const ChTargetFile *file = g_ptr_array_index (plan->files, i);

      if (!ch_target_check_path (file->path, error))
        return FALSE;
      if (!g_hash_table_add (paths, (char *) file->path))
        return ch_error_set (error, CH_ERROR_INVALID, _("Two files of the deployment have the path “%s”"),
                             file->path);
    }

  return ch_action_check (&plan->test, error) && plan->target->check_action (&plan->test, error)
         && ch_action_check (&plan->action, error) && plan->target->check_action (&plan->action, error);
}

static gboolean
find_pending (Run          *run,
              GCancellable *cancellable,
              GError      **error)
{
  const ChInstallPlan *plan = run->plan;

  for (guint i = 0; i < n_files (run); i++)
    {
      if (!plan->target->pending (plan->access, file_of (run, i)->path, &run->touched[i], cancellable, error))
        return FALSE;
      run->swapped = run->swapped || run->touched[i];
      run->acted = run->swapped;
    }

  return TRUE;
}

static gboolean
finish_settling (Run          *run,
                 GCancellable *cancellable,
                 GError      **error)
{
  const ChInstallPlan *plan = run->plan;

  if (!run->swapped || run->touched[0])
    return TRUE;

  for (guint i = 0; i < n_files (run); i++)
    {
      if (run->touched[i] && !plan->target->settle (plan->access, file_of (run, i)->path, cancellable, error))
        return FALSE;
      run->touched[i] = FALSE;
    }

  run->swapped = run->acted = FALSE;
  tell (run, "settle", TRUE, _("Removed old files that an earlier run, which was good, had left."));
  return TRUE;
}

/* As long as it is not known how all files stand, going back could mix the files of two runs. */
static void
forget (Run *run)
{
  for (guint i = 0; i < n_files (run); i++)
    run->touched[i] = FALSE;
  run->swapped = run->acted = FALSE;
}

/* ---- forward ---- */

/* What was cut half-way may have left a half; nothing is kept beside yet, so that going back only removes that. Where
 * the server is gone for longer, the next run does it. */
static gboolean
stage_one (Run          *run,
           guint         i,
           GCancellable *cancellable,
           GError      **error)
{
  const ChInstallPlan *plan = run->plan;
  const ChTargetFile *file = file_of (run, i);
  gboolean staged = plan->target->stage (plan->access, file, cancellable, error);

  if (!staged && !run->touched[i])
    plan->target->restore (plan->access, file->path, NULL, NULL);

  run->touched[i] = run->touched[i] || staged;
  return staged;
}

static char *
stage_all (Run          *run,
           GCancellable *cancellable,
           GError      **error)
{
  if (!find_pending (run, cancellable, error) || !finish_settling (run, cancellable, error))
    {
      forget (run);
      return NULL;
    }

  for (guint i = 0; i < n_files (run); i++)
    if (!stage_one (run, i, cancellable, error))
      return NULL;

  return g_strdup_printf (ngettext ("Wrote %u file.", "Wrote %u files.", n_files (run)), n_files (run));
}

static char *
swap_all (Run          *run,
          GCancellable *cancellable,
          GError      **error)
{
  const ChInstallPlan *plan = run->plan;

  for (guint i = 0; i < n_files (run); i++)
    {
      run->swapped = TRUE;
      if (!plan->target->swap (plan->access, file_of (run, i)->path, cancellable, error))
        return NULL;
    }

  return g_strdup (_("Put the new files in place of the old ones."));
}

/* Returns: (transfer full): empty where there is nothing to test. */
static char *
test (Run          *run,
      const char   *success,
      const char   *failure,
      GCancellable *cancellable,
      GError      **error)
{
  const ChInstallPlan *plan = run->plan;

  if (plan->test.kind == CH_ACTION_NONE)
    return g_strdup ("");

  g_autofree char *said = plan->target->act (plan->access, &plan->test, cancellable, error);
  if (said != NULL)
    return g_strconcat (success, " ", said, NULL);

  if (g_error_matches (*error, CH_ERROR, CH_ERROR_ACTION_FAILED))
    g_prefix_error (error, "%s: ", failure);
  return NULL;
}

static char *
test_old (Run          *run,
          GCancellable *cancellable,
          GError      **error)
{
  return test (run, _("The configuration is sound as it is."),
               _("Nothing was touched, because the service's own test fails already"), cancellable, error);
}

static char *
test_new (Run          *run,
          GCancellable *cancellable,
          GError      **error)
{
  return test (run, _("It is sound with the new files."), _("The service's own test fails with the new files"), cancellable, error);
}

static char *
act (Run          *run,
     GCancellable *cancellable,
     GError      **error)
{
  run->acted = TRUE;
  return run->plan->target->act (run->plan->access, &run->plan->action, cancellable, error);
}

static char *
prove_all (Run          *run,
           GCancellable *cancellable,
           GError      **error)
{
  const ChInstallPlan *plan = run->plan;
  GArray *endpoints = plan->endpoints;
  ChExpected expected = { plan->fingerprint, plan->chain };
  g_autoptr(GString) told = g_string_new (_("The new certificate is being served."));

  if (endpoints->len == 0)
    return g_strdup (_("Nothing was looked at: the deployment names no endpoint to check."));

  for (guint i = 0; i < endpoints->len; i++)
    if (!ch_prove (&g_array_index (endpoints, ChEndpoint, i), &expected, told, cancellable, error))
      return NULL;

  return g_strdup (told->str);
}

static const struct
{
  const char *name;
  const char *before;
  const char *after;
  char *(*go) (Run *, GCancellable *, GError **);
} steps[] = {
  { "stage", "stage:before", "stage:after", stage_all },
  { "test", "test:before", "test:after", test_old },
  { "swap", "swap:before", "swap:after", swap_all },
  { "test-new", "test-new:before", "test-new:after", test_new },
  { "act", "act:before", "act:after", act },
  { "prove", "prove:before", "prove:after", prove_all },
};

static gboolean
go_forward (Run          *run,
            GCancellable *cancellable,
            GError      **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      ch_checkpoint (steps[i].before);
      g_autofree char *text = steps[i].go (run, cancellable, error);

      if (text == NULL || *text != '\0')
        tell (run, steps[i].name, text != NULL, text != NULL ? text : (*error)->message);
      if (text == NULL)
        return FALSE;
      ch_checkpoint (steps[i].after);
    }

  return TRUE;
}

/* Stops at the first that cannot be settled, so that the next run finds the rule of the first file kept. */
static void
settle_all (Run *run)
{
  const ChInstallPlan *plan = run->plan;
  g_autoptr(GError) error = NULL;

  ch_checkpoint ("settle:before");
  for (guint i = 0; i < n_files (run) && error == NULL; i++)
    plan->target->settle (plan->access, file_of (run, i)->path, NULL, &error);

  tell (run, "settle", error == NULL, error == NULL ? _("Removed the old files.") : error->message);
  ch_checkpoint ("settle:after");
}

/* ---- back ---- */

static void
restore_one (Run     *run,
             guint    i,
             GString *failures)
{
  const ChInstallPlan *plan = run->plan;
  const char *path = file_of (run, i)->path;
  g_autoptr(GError) error = NULL;

  if (!plan->target->restore (plan->access, path, NULL, &error))
    g_string_append_printf (failures, failures->len > 0 ? "; “%s” (%s)" : "“%s” (%s)", path, error->message);
}

/* When another file cannot be put back, the first one waits for it: the next run must not take that for a
 * settled switch. */
static char *
restore_all (Run *run)
{
  g_autoptr(GString) failures = g_string_new (NULL);

  for (guint i = n_files (run) - 1; i > 0; i--)
    if (run->touched[i])
      restore_one (run, i, failures);

  if (run->touched[0] && failures->len > 0)
    g_string_append_printf (failures, _("; “%s” (waits for the others)"), file_of (run, 0)->path);
  else if (run->touched[0])
    restore_one (run, 0, failures);

  return failures->len > 0 ? g_strdup (failures->str) : NULL;
}

static void
explain (GError    **error,
         const char *restore_failures,
         GError     *act_failure)
{
  g_autoptr(GError) first = g_steal_pointer (error);

  if (restore_failures != NULL)
    ch_error_set (error, first->code,
                  _("%s. What was there before could not be put back: %s. It is kept beside, with "
                    "“.chancery-old” at the end of its name: rename it and reload the service"),
                  first->message, restore_failures);
  else if (act_failure != NULL)
    ch_error_set (error, first->code,
                  _("%s. The old certificate is back, but the service did not take it up: %s"),
                  first->message, act_failure->message);
  else
    ch_error_set (error, first->code, _("%s. The old certificate is back"), first->message);
}

static void
go_back (Run     *run,
         GError **error)
{
  ch_checkpoint ("restore:before");
  g_autofree char *failures = restore_all (run);
  g_autoptr(GError) failure = NULL;
  g_autofree char *text = NULL;

  if (!run->swapped && failures == NULL)
    return;

  tell (run, "restore", failures == NULL, failures == NULL ? _("Put the old files back.") : failures);
  ch_checkpoint ("restore:after");

  if (run->acted)
    {
      ch_checkpoint ("act-again:before");
      text = act (run, NULL, &failure);
      tell (run, "act-again", failure == NULL, failure == NULL ? text : failure->message);
      ch_checkpoint ("act-again:after");
    }

  explain (error, failures, failure);
}

gboolean
ch_install_run (const ChInstallPlan *plan,
                ChInstallNote        note,
                gpointer             data,
                GCancellable        *cancellable,
                GError             **error)
{
  g_autofree gboolean *touched = g_new0 (gboolean, plan->files->len);
  g_autoptr(GError) reason = NULL;
  Run run = { .plan = plan, .note = note, .data = data, .touched = touched };

  if (!check (plan, error))
    return FALSE;

  if (go_forward (&run, cancellable, &reason))
    {
      settle_all (&run);
      return TRUE;
    }

  go_back (&run, &reason);
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}
