/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/service.h"

#include <gtk/gtk.h>

/**
 * ChPeerRole: what accounts, DNS accounts, servers and profiles have in common, and what differs.
 * @role: as Manager.ListKinds() wants it
 * @interface: of its objects
 * @add: the method of the manager that adds one
 * @has_state: whether it has secrets, can be disabled, and can fail
 * @test: (nullable): begins a test of it, over the window of @where
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
} ChPeerRole;
