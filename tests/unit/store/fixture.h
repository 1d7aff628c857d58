/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/store.h"

#include "lib/error.h"

/* A store in a folder of its own, and records with a value in every member. */
typedef struct
{
  char *folder;
  char *path;
  ChStore *store;
} Fixture;

void fixture_set_up (Fixture *fixture, gconstpointer data);
void fixture_tear_down (Fixture *fixture, gconstpointer data);

/* Removes a folder and all that is in it. */
void remove_folder (const char *folder);

ChPeer *new_peer (ChPeerRole role, const char *name);
ChOrder *new_order (gint64 account_id, const char *name);
ChCertificate *new_certificate (gint64 order_id, const char *fingerprint);
ChTxtRecord *new_txt_record (gint64 dns_account_id, gint64 order_id);
ChDeployment *new_deployment (gint64 server_id, const char *name);

/* Adds one and returns its id. */
gint64 add_peer (ChStore *store, ChPeerRole role, const char *name);
gint64 add_order (ChStore *store, gint64 account_id, const char *name);

