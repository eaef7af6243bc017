#!/bin/sh
# Compressed backups, daily at 02:00 UTC. Data first, keys after: a key made in between is then with its data.
set -eu
while :; do
  now=$(date -u +%s)
  sleep $(( (86400 + 7200 - now % 86400) % 86400 + 1 ))
  name=sms-ai-backup-$(date -u +%Y-%m-%dT%H_%M_%S)
  if pg_dump --format=custom --compress=6 --exclude-table-data=user_keys --exclude-table-data=search_keys --file="/backups/$name.half" &&
    pg_dump --format=custom --compress=6 --data-only --table=user_keys --table=search_keys --file="/backup-keys/$name.half"; then
    mv "/backups/$name.half" "/backups/$name.dump"
    mv "/backup-keys/$name.half" "/backup-keys/$name.dump"
    echo "$name: done, $(du -h "/backups/$name.dump" | cut -f1)"
    find /backups -name '*.dump' -mtime "+$BACKUP_KEEP_DAYS" -delete
    find /backup-keys -name '*.dump' -mtime +6 -delete
  else
    echo "$name: failed" >&2
  fi
  find /backups /backup-keys -name '*.half' -delete
done
