#include "api/routes/table.h"

#include <array>

#include "api/routes/resources.h"

namespace cc::api {
namespace {

template <auto resource, auto handler>
Answer by(const Resources& resources, const Call& call) {
  return ((resources.*resource).*handler)(call);
}

using R = Resources;
using enum Method;
using enum Thread;
using fleet::Agent;
using fleet::Approval;
using fleet::Command;
using fleet::CronJob;
using fleet::Gateway;
using fleet::Presence;
using fleet::Session;

// clang-format off
constexpr std::array kRoutes{
    Route{kGet,    "/healthz",                         kPublic, kServer, by<&R::health, &HealthResource::alive>},
    Route{kGet,    "/readyz",                          kPublic, kServer, by<&R::health, &HealthResource::ready>},
    Route{kGet,    "/metrics",                         kViewer, kWorker, by<&R::metrics, &MetricsResource::show>},
    Route{kGet,    "/api/openapi.json",                kViewer, kServer, by<&R::openapi, &OpenApiResource::show>},
    Route{kGet,    "/api/v1/fleet",                    kViewer, kWorker, by<&R::fleet, &FleetResource::show>},
    Route{kGet,    "/api/v1/gateways",                 kViewer, kWorker, by<&R::rows, &RowsResource::list<Gateway>>},
    Route{kGet,    "/api/v1/agents",                   kViewer, kWorker, by<&R::rows, &RowsResource::list<Agent>>},
    Route{kGet,    "/api/v1/sessions",                 kViewer, kWorker, by<&R::rows, &RowsResource::list<Session>>},
    Route{kGet,    "/api/v1/presence",                 kViewer, kWorker, by<&R::rows, &RowsResource::list<Presence>>},
    Route{kGet,    "/api/v1/commands",                 kViewer, kWorker, by<&R::rows, &RowsResource::list<Command>>},
    Route{kGet,    "/api/v1/commands/{id}",            kViewer, kWorker, by<&R::rows, &RowsResource::command>},
    Route{kPost,   "/api/v1/commands",                 kOperator, kWorker, by<&R::commands, &CommandsResource::give>},
    Route{kDelete, "/api/v1/commands/{id}",            kOperator, kWorker, by<&R::commands, &CommandsResource::withdraw>},
    Route{kGet,    "/api/v1/approvals",                kViewer, kWorker, by<&R::rows, &RowsResource::list<Approval>>},
    Route{kGet,    "/api/v1/approvals/{gateway}/{id}", kViewer, kWorker, by<&R::rows, &RowsResource::one<Approval>>},
    Route{kGet,    "/api/v1/cron",                     kViewer, kWorker, by<&R::rows, &RowsResource::list<CronJob>>},
    Route{kGet,    "/api/v1/cron/{gateway}/{id}",      kViewer, kWorker, by<&R::rows, &RowsResource::one<CronJob>>},
    Route{kGet,    "/api/v1/agents/{gateway}/{id}",    kViewer, kWorker, by<&R::rows, &RowsResource::one<Agent>>},
    Route{kGet,    "/api/v1/sessions/{gateway}/{key}", kViewer, kWorker, by<&R::rows, &RowsResource::one<Session>>},
    Route{kPost,   "/api/v1/gateways/{name}/retry",    kAdmin,  kWorker, by<&R::retry, &RetryResource::now>},
    Route{kGet,    "/api/v1/sessions/{gateway}/{key}/messages", kOperator, kWorker, by<&R::reads, &ReadsResource::messages>},
    Route{kGet,    "/api/v1/cron/{gateway}/{id}/runs", kViewer, kWorker, by<&R::reads, &ReadsResource::cron_runs>},
    Route{kGet,    "/api/v1/devices",                  kViewer, kWorker, by<&R::reads, &ReadsResource::devices>},
    Route{kGet,    "/api/v1/models",                   kViewer, kWorker, by<&R::reads, &ReadsResource::models>},
    Route{kGet,    "/api/v1/activity",                 kViewer, kWorker, by<&R::activity, &ActivityResource::show>},
    Route{kGet,    "/api/v1/events",                   kViewer, kWorker, by<&R::events, &EventsResource::page>},
    Route{kGet,    "/api/v1/stream",                   kViewer, kServer, by<&R::stream, &StreamResource::follow>},
    Route{kGet,    "/api/v1/status",                   kViewer, kWorker, by<&R::status, &StatusResource::show>},
    Route{kPost,   "/api/v1/backup",                   kAdmin,  kWorker, by<&R::backup, &BackupResource::make>},
    Route{kPost,   "/api/v1/session",                  kPublic, kWorker, by<&R::sign_in, &SignInResource::sign_in>},
    Route{kGet,    "/api/v1/session",                  kViewer, kServer, by<&R::sign_in, &SignInResource::who>},
    Route{kDelete, "/api/v1/session",                  kViewer, kWorker, by<&R::sign_in, &SignInResource::sign_out>},
    Route{kGet,    "/api/v1/tokens",                   kAdmin,  kWorker, by<&R::tokens, &TokensResource::list>},
    Route{kPost,   "/api/v1/tokens",                   kAdmin,  kWorker, by<&R::tokens, &TokensResource::create>},
    Route{kDelete, "/api/v1/tokens/{id}",              kAdmin,  kWorker, by<&R::tokens, &TokensResource::revoke>},
    Route{kGet,    "/api/v1/audit",                    kAdmin,  kWorker, by<&R::audit, &AuditResource::list>},
    Route{kGet,    "/{asset*}",                        kPublic, kServer, by<&R::page, &PageResource::show>},
};
// clang-format on

}  // namespace

std::span<const Route> all_routes() {
  return kRoutes;
}

}  // namespace cc::api
