#pragma once
// Everything that routes lead to. Only the table of routes sees all of it: a resource is handed the
// parts that it needs, and those alone, when it is made.

#include "api/resources/access/audit.h"
#include "api/resources/access/sign_in.h"
#include "api/resources/access/tokens.h"
#include "api/resources/commands/commands.h"
#include "api/resources/fleet/activity.h"
#include "api/resources/fleet/fleet.h"
#include "api/resources/fleet/retry.h"
#include "api/resources/fleet/rows.h"
#include "api/resources/gateway/reads.h"
#include "api/resources/journal/backup.h"
#include "api/resources/journal/events.h"
#include "api/resources/journal/status.h"
#include "api/resources/journal/stream.h"
#include "api/resources/program/health.h"
#include "api/resources/program/metrics.h"
#include "api/resources/program/openapi.h"
#include "api/resources/program/page.h"

namespace cc::api {

/// What the resources were made of must outlive them.
struct Resources {
  HealthResource health;
  MetricsResource metrics;
  OpenApiResource openapi;
  PageResource page;
  FleetResource fleet;
  RowsResource rows;
  RetryResource retry;
  CommandsResource commands;
  ReadsResource reads;
  ActivityResource activity;
  EventsResource events;
  StatusResource status;
  StreamResource stream;
  BackupResource backup;
  SignInResource sign_in;
  TokensResource tokens;
  AuditResource audit;
};

}  // namespace cc::api
