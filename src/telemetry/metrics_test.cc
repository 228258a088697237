#include "telemetry/metrics.h"

#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cc::telemetry {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Metrics, ShowsFiguresWithoutLabelsFromTheStart) {
  const std::string text = Metrics().text();
  EXPECT_THAT(text, HasSubstr("\ncontrol_center_commit_failures_total 0\n"));
  EXPECT_THAT(text, HasSubstr("\ncontrol_center_stream_readers 0\n"));
  EXPECT_THAT(text, HasSubstr("\ncontrol_center_commit_seconds_count 0\n"));
}

TEST(Metrics, SaysWhatEachFigureIs) {
  const std::string text = Metrics().text();
  EXPECT_THAT(text, HasSubstr("# HELP control_center_ingest_queue Observations that wait"));
  EXPECT_THAT(text, HasSubstr("# TYPE control_center_ingest_queue gauge"));
  EXPECT_THAT(text, HasSubstr("# TYPE control_center_journal_entries_total counter"));
}

TEST(Metrics, CountsByGateway) {
  Metrics metrics;
  metrics.frame_received("a", 100);
  metrics.frame_received("a", 50);
  metrics.frame_received("b", 1);
  metrics.frame_understood("a", 0.25);
  metrics.frame_understood("a", 0.5);
  metrics.connected("a", true);
  metrics.connected("b", true);
  metrics.connected("b", false);
  metrics.connect_attempt("a");
  metrics.sequence_gap("b");
  const std::string text = metrics.text();
  EXPECT_THAT(text, HasSubstr("control_center_gateway_frames_total{gateway=\"a\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("control_center_gateway_frame_seconds_total{gateway=\"a\"} 0.75\n"));
  EXPECT_THAT(text, HasSubstr("control_center_gateway_bytes_total{gateway=\"a\"} 150\n"));
  EXPECT_THAT(text, HasSubstr("control_center_gateway_bytes_total{gateway=\"b\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("control_center_gateway_connected{gateway=\"a\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("control_center_gateway_connected{gateway=\"b\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("control_center_gateway_connect_attempts_total{gateway=\"a\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("control_center_gateway_gaps_total{gateway=\"b\"} 1\n"));
  EXPECT_THAT(text, Not(HasSubstr("control_center_gateway_gaps_total{gateway=\"a\"}")));
}

TEST(Metrics, CountsByTwoLabels) {
  Metrics metrics;
  metrics.input_refused("a", "key");
  metrics.input_refused("a", "key");
  metrics.input_refused("a", "type");
  metrics.poll("a", true);
  metrics.poll("a", false);
  metrics.request("/api/v1/agents", 200, 0.002);
  metrics.request("/api/v1/agents", 404, 0.002);
  const std::string text = metrics.text();
  EXPECT_THAT(text, HasSubstr("input_refused_total{gateway=\"a\",why=\"key\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("input_refused_total{gateway=\"a\",why=\"type\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("polls_total{gateway=\"a\",result=\"ok\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("polls_total{gateway=\"a\",result=\"failed\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("http_requests_total{route=\"/api/v1/agents\",status=\"404\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("http_request_seconds_count{route=\"/api/v1/agents\"} 2\n"));
}

TEST(Metrics, CountsWhatIngestDoes) {
  Metrics metrics;
  metrics.committed(3, 5, 0.002);
  metrics.committed(1, 1, 0.2);
  metrics.commit_failed();
  metrics.queue_depth(7);
  metrics.observations_dropped(2);
  metrics.journal_trimmed(512);
  const std::string text = metrics.text();
  EXPECT_THAT(text, HasSubstr("\ncontrol_center_journal_entries_total 4\n"));
  EXPECT_THAT(text, HasSubstr("\ncontrol_center_rows_written_total 6\n"));
  EXPECT_THAT(text, HasSubstr("\ncontrol_center_commit_seconds_bucket{le=\"0.0025\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("\ncontrol_center_commit_seconds_count 2\n"));
  EXPECT_THAT(text, HasSubstr("\ncontrol_center_commit_failures_total 1\n"));
  EXPECT_THAT(text, HasSubstr("\ncontrol_center_ingest_queue 7\n"));
  EXPECT_THAT(text, HasSubstr("\ncontrol_center_observations_dropped_total 2\n"));
  EXPECT_THAT(text, HasSubstr("\ncontrol_center_journal_trimmed_total 512\n"));
}

TEST(Metrics, CountsReadersUpAndDown) {
  Metrics metrics;
  metrics.readers(1);
  metrics.readers(1);
  metrics.readers(-1);
  metrics.entries_sent(10, 15'000);
  metrics.replayed(4);
  metrics.reset_sent("retention");
  metrics.sign_in(false);
  const std::string text = metrics.text();
  EXPECT_THAT(text, HasSubstr("\ncontrol_center_stream_readers 1\n"));
  EXPECT_THAT(text, HasSubstr("\ncontrol_center_stream_entries_sent_total 10\n"));
  EXPECT_THAT(text, HasSubstr("\ncontrol_center_stream_bytes_sent_total 15000\n"));
  EXPECT_THAT(text, HasSubstr("\ncontrol_center_stream_entries_replayed_total 4\n"));
  EXPECT_THAT(text, HasSubstr("stream_resets_total{reason=\"retention\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("sign_ins_total{result=\"failed\"} 1\n"));
}

TEST(Metrics, EscapesLabels) {
  Metrics metrics;
  metrics.connect_attempt("a\"b\n");
  EXPECT_THAT(metrics.text(), HasSubstr(R"({gateway="a\"b\n"} 1)"));
}

TEST(Metrics, LosesNothingBetweenThreads) {
  Metrics metrics;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&metrics] {
        for (int i = 0; i < 1000; ++i) metrics.frame_received("a", 1);
      });
    }
  }
  EXPECT_THAT(metrics.text(),
              HasSubstr("control_center_gateway_frames_total{gateway=\"a\"} 4000\n"));
}

}  // namespace
}  // namespace cc::telemetry
