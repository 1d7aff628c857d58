/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "form/dialog.h"

/**
 * ChPeerRole: what accounts, DNS accounts, servers and profiles have in common, and what differs.
 * @role: as Manager.ListKinds() wants it
 * @interface: of its objects
 * @add: the method of the manager that adds one
 * @has_state: whether it has secrets, can be disabled, and can fail
 * @test: (nullable): begins a test of it, over the window of @where
 * @dress: (nullable): adds to the form what the questions of @kind, a row of Manager.ListKinds(), need
 * @ask_first: (nullable): as in #ChFormDialogClass
 * @saved: (nullable): the one at @path was added or changed; the dialog is about to go
 * @login: (nullable): shows what lets the service in there; for those with a setting "public-key"
 * @title: of the list
 * @new_title: of the dialog that adds one
 * @edit_title: of the dialog that changes one; has a %s for its name
 * @test_label: (nullable): of the button that tests one
 * @remove_question: has a %s for its name
 * @remove_text: what removing it means
 * @removed_not: that it was not removed
 * @empty_title: while there is none
 * @empty_text: what one is for
 * @icon: of the empty page
 * @also_label: (nullable): of another button of the empty page
 * @also: (nullable): what it does
 *
 * All texts are marked for translation.
 */
typedef struct
{
  const char *role;
  const char *interface;
  const char *add;
  gboolean has_state;
  void (*test) (GtkWidget *where, ChService *service, ChItem *item);
  void (*dress) (ChFormDialog *dialog, GVariant *kind);
  gboolean (*ask_first) (ChFormDialog *dialog, GVariant *kind);
  void (*saved) (ChFormDialog *dialog, const char *path);
  void (*login) (GtkWidget *where, ChService *service, const char *path);
  const char *title;
  const char *new_title;
  const char *edit_title;
  const char *test_label;
  const char *remove_question;
  const char *remove_text;
  const char *removed_not;
  const char *empty_title;
  const char *empty_text;
  const char *icon;
  const char *also_label;
  void (*also) (GtkWidget *where, ChService *service);
} ChPeerRole;
