/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/records.h"

#include "store/store-private.h"

void
ch_peer_free (ChPeer *peer)
{
  ch_table_free_record (&ch_table_peers, peer);
}

void
ch_order_free (ChOrder *order)
{
  ch_table_free_record (&ch_table_orders, order);
}

void
ch_challenge_free (ChChallenge *challenge)
{
  ch_table_free_record (&ch_table_challenges, challenge);
}

void
ch_certificate_free (ChCertificate *certificate)
{
  ch_table_free_record (&ch_table_certificates, certificate);
}

void
ch_txt_record_free (ChTxtRecord *record)
{
  ch_table_free_record (&ch_table_txt_records, record);
}

void
ch_challenge_file_free (ChChallengeFile *file)
{
  ch_table_free_record (&ch_table_challenge_files, file);
}

void
ch_deployment_free (ChDeployment *deployment)
{
  ch_table_free_record (&ch_table_deployments, deployment);
}

void
ch_watch_free (ChWatch *watch)
{
  ch_table_free_record (&ch_table_watches, watch);
}

void
ch_run_free (ChRun *run)
{
  ch_table_free_record (&ch_table_runs, run);
}

void
ch_track_free (ChTrack *track)
{
  ch_table_free_record (&ch_table_tracks, track);
}

void
ch_event_free (ChEvent *event)
{
  ch_table_free_record (&ch_table_events, event);
}

void
ch_bin_key_free (ChBinKey *key)
{
  ch_table_free_record (&ch_table_bin, key);
}

void
ch_warning_free (ChWarning *warning)
{
  ch_table_free_record (&ch_table_warnings, warning);
}

void
ch_mail_free (ChMail *mail)
{
  ch_table_free_record (&ch_table_mail, mail);
}
