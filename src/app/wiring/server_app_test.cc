#include "app/wiring/server_app.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/cli/commands.h"
#include "app/cli/local_data.h"
#include "app/config/testing/config_material.h"

namespace cc::app {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

/// A server in this process, on a directory of its own and a port that is free.
class ServerAppTest : public ::testing::Test {
 protected:
  Sources sources(Environment more = {}) const {
    auto all = from_environment(std::move(more));
    all.environment.insert({{"WS_GATEWAY_URL", "off"},
                            {"GATEWAY_URL", "off"},
                            {"CONTROL_CENTER_LISTEN", "127.0.0.1:0"},
                            {"CONTROL_CENTER_DATA_DIR", data_dir()}});
    return all;
  }

  Config config(Environment more = {}) const {
    auto loaded = load_config(sources(std::move(more)));
    EXPECT_TRUE(loaded) << loaded.error().message;
    return std::move(*loaded);
  }

  // One that is there, and never answers a gateway's client.
  static Environment with_gateway() { return {{"GATEWAY_URL", "http://127.0.0.1:1/api/agents"}}; }

  std::string data_dir() const { return scratch_.path() / "data"; }

  void start(Environment more = {}) {
    config_ = config(std::move(more));
    auto app = ServerApp::start({config_, clock_, log_});
    ASSERT_TRUE(app) << app.error().line;
    app_ = std::move(*app);
  }
  void stop() {
    app_->stop();
    app_.reset();
  }
  Failure start_another(const Config& other) {
    auto app = ServerApp::start({other, clock_, log_});
    return app ? Failure{kExitClean, "started"} : app.error();
  }

  std::string journal() {
    out_.str("");
    EXPECT_EQ(events(config_, {}, console_), kExitClean) << err_.str();
    return out_.str();
  }

  const ScratchDirectory scratch_;
  const SystemClock clock_;
  std::ostringstream logged_;
  telemetry::Log log_{logged_, telemetry::LogLevel::kInfo, telemetry::LogFormat::kText};
  std::ostringstream out_;
  std::ostringstream err_;
  const Console console_{out_, err_};
  Config config_;
  std::unique_ptr<ServerApp> app_;
};

TEST_F(ServerAppTest, ServesOnceItHasStartedAndSaysWhere) {
  start();
  EXPECT_THAT(logged_.str(), HasSubstr("url=" + app_->url()));
  EXPECT_THAT(logged_.str(), HasSubstr("admin_token_in=" + data_dir() + "/admin-token"));
  const auto token = SecretSource::from_file("t", data_dir() + "/admin-token").read();
  ASSERT_TRUE(token);
  EXPECT_THAT(logged_.str(), Not(HasSubstr(token->reveal())));
  auto client = connect_to_server(config_);
  ASSERT_TRUE(client) << client.error().message;
  EXPECT_EQ(client->send({.target = "/healthz"})->status, 200);
  EXPECT_EQ(client->send({.target = "/readyz"})->status, 200);
  EXPECT_EQ(client->send({.target = "/api/v1/fleet"})->status, 200);
  stop();
  EXPECT_EQ(find_server(data_dir()).error().code, ErrorCode::kNotFound);
}

TEST_F(ServerAppTest, ASecondOneOnTheSameDirectoryNamesTheFirst) {
  start();
  const auto failure = start_another(config());
  EXPECT_EQ(failure.code, kExitDatabase);
  EXPECT_EQ(failure.line, "the data directory " + data_dir() + " is in use by process " +
                              std::to_string(::getpid()) +
                              "; stop it, or give another directory with --data-dir");
}

TEST_F(ServerAppTest, ASecondOneOnTheSameDatabaseIsRefused) {
  start();
  auto other = config({{"CONTROL_CENTER_DATA_DIR", scratch_.path() / "other"}});
  other.database = config_.database;
  EXPECT_EQ(start_another(other).code, kExitDatabase);
}

TEST_F(ServerAppTest, ATakenAddressIsItsOwnKindOfFailure) {
  start();
  auto other = config({{"CONTROL_CENTER_DATA_DIR", scratch_.path() / "other"}});
  other.listen.port = find_server(data_dir())->port;
  EXPECT_EQ(start_another(other).code, kExitAddress);
}

TEST_F(ServerAppTest, ADatabaseThatIsNoneIsRefused) {
  std::filesystem::create_directory(data_dir());
  const auto file = scratch_.write("data/control-center.db", std::string(8192, 'x'));
  const auto failure = start_another(config());
  EXPECT_EQ(failure.code, kExitDatabase);
  EXPECT_THAT(failure.line, HasSubstr(file.string()));
}

TEST_F(ServerAppTest, GatewaysComeAndGoWithTheConfiguration) {
  start(with_gateway());
  EXPECT_THAT(journal(), HasSubstr(R"("cause":"configuration")"));
  stop();
  start();
  const auto kept = journal();
  EXPECT_THAT(kept, StartsWith(R"({"seq":1,)"));
  EXPECT_THAT(kept, HasSubstr(R"("remove":[)"));
  auto client = connect_to_server(config_);
  EXPECT_THAT(client->send({.target = "/api/v1/gateways"})->body, HasSubstr(R"("items":[])"));
}

TEST_F(ServerAppTest, TheFleetIsThereBeforeTheGatewayIs) {
  start(with_gateway());
  stop();
  start(with_gateway());
  auto client = connect_to_server(config_);
  EXPECT_THAT(client->send({.target = "/api/v1/gateways"})->body, HasSubstr(R"("name":"default")"));
}

TEST_F(ServerAppTest, DroppingItKeepsWhatWasCommitted) {
  start(with_gateway());
  app_.reset();
  start();
  EXPECT_THAT(journal(), HasSubstr(R"({"seq":1,)"));
}

// ---- commands, beside a server and alone

class CommandTest : public ServerAppTest, public ::testing::WithParamInterface<bool> {
 protected:
  void SetUp() override {
    config_ = config();
    if (GetParam()) start();
  }
};

TEST_P(CommandTest, AreMadeListedAndRevoked) {
  ASSERT_EQ(
      create_token(config_, {.name = "ci", .role = "operator", .lifetime = std::chrono::days(1)},
                   console_),
      kExitClean)
      << err_.str();
  const auto secret = out_.str().substr(0, out_.str().size() - 1);
  EXPECT_GE(secret.size(), 16U);
  EXPECT_THAT(err_.str(), Not(HasSubstr(secret)));
  out_.str("");
  ASSERT_EQ(list_tokens(config_, console_), kExitClean);
  const auto listed = out_.str();
  EXPECT_THAT(listed, HasSubstr("operator"));
  EXPECT_THAT(listed, Not(HasSubstr(secret)));
  const auto row = listed.substr(listed.find('\n') + 1);
  ASSERT_EQ(revoke_token(config_, {.id = row.substr(0, row.find(' '))}, console_), kExitClean)
      << err_.str();
  out_.str("");
  ASSERT_EQ(list_tokens(config_, console_), kExitClean);
  EXPECT_THAT(out_.str(), Not(HasSubstr("operator")));
  EXPECT_EQ(revoke_token(config_, {.id = "nobody"}, console_), kExitProblem);
}

TEST_P(CommandTest, BackupMakesANewPrivateFile) {
  if (!GetParam()) {
    start();
    stop();
  }
  const auto copy = scratch_.path() / "copy.db";
  ASSERT_EQ(back_up(config_, copy, console_), kExitClean) << err_.str();
  struct stat info{};
  ASSERT_EQ(::stat(copy.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  EXPECT_GT(info.st_size, 0);
  EXPECT_FALSE(std::filesystem::exists(copy.string() + ".partial"));
  EXPECT_EQ(back_up(config_, copy, console_), kExitProblem);
  EXPECT_THAT(err_.str(), HasSubstr("is there already"));
}

TEST_P(CommandTest, DoctorFindsNothingWrong) {
  EXPECT_EQ(doctor(sources(), console_), kExitClean) << out_.str();
  EXPECT_THAT(out_.str(), StartsWith("ok    configuration: understood, 0 gateways\n"));
  EXPECT_THAT(out_.str(), HasSubstr("ok    database: "));
}

TEST_P(CommandTest, HealthTellsWhetherOneServes) {
  EXPECT_EQ(health(config_, console_), GetParam() ? kExitClean : kExitProblem);
  EXPECT_EQ(out_.str(), GetParam() ? "ready\n" : "");
  EXPECT_EQ(err_.str(), GetParam() ? "" : "control-center: no server runs on " + data_dir() + "\n");
}

INSTANTIATE_TEST_SUITE_P(Commands, CommandTest, ::testing::Bool(),
                         [](const auto& served) { return served.param ? "Served" : "Alone"; });

TEST_F(ServerAppTest, DoctorFindsAGatewayThatIsNotThere) {
  EXPECT_EQ(doctor(sources({{"WS_GATEWAY_URL", "ws://127.0.0.1:1/"}}), console_), kExitProblem);
  EXPECT_THAT(out_.str(), HasSubstr("fail  gateway default: "));
  EXPECT_THAT(out_.str(), HasSubstr("127.0.0.1:1"));
}

TEST_F(ServerAppTest, EventsNeedAServer) {
  config_ = config();
  EXPECT_EQ(events(config_, {}, console_), kExitProblem);
  EXPECT_EQ(err_.str(), "control-center: no server runs on " + data_dir() +
                            "; events come from a running server\n");
  EXPECT_THAT(out_.str(), IsEmpty());
}

TEST_F(ServerAppTest, EventsAfterAPlaceThatIsNotKeptSayWhy) {
  start();
  EXPECT_EQ(events(config_, {.after = "00000000-7"}, console_), kExitProblem);
  EXPECT_THAT(err_.str(), HasSubstr("cannot be read from that cursor"));
}

TEST_F(ServerAppTest, AWrongAdminTokenIsSaid) {
  start();
  config_ = config({{"CONTROL_CENTER_TOKEN", "not the server's token"}});
  EXPECT_EQ(list_tokens(config_, console_), kExitProblem);
  EXPECT_THAT(err_.str(), HasSubstr("Sign in first"));
}

TEST_F(ServerAppTest, DoctorTellsAConfigurationThatIsNotUnderstood) {
  EXPECT_EQ(doctor(sources({{"CONTROL_CENTER_LISTN", "x"}}), console_), kExitProblem);
  EXPECT_THAT(out_.str(),
              StartsWith("fail  configuration: CONTROL_CENTER_LISTN: unknown variable"));
}

}  // namespace
}  // namespace cc::app
