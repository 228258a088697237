#include <chrono>
#include <ostream>
#include <thread>

#include <fmt/format.h>
#include <simdjson.h>

#include "app/cli/commands.h"
#include "app/cli/event_pages.h"
#include "app/cli/local_data.h"
#include "app/cli/sse_reader.h"
#include "app/process.h"
#include "base/cursor.h"
#include "base/invisible.h"
#include "base/text.h"

namespace cc::app {
namespace {

// Agents and gateways wrote parts of it, so control characters are escaped for the terminal.
std::string for_terminal(std::string_view line) {
  return clean_text(line, line.size() * 3);
}

bool print(const Console& console, std::string_view change_set) {
  console.out << for_terminal(change_set) << "\n" << std::flush;
  return console.out.good();
}

/// The kept part of the journal, page by page.
ExitCode print_pages(ApiClient& client, std::string after, const Console& console) {
  while (true) {
    auto target = std::string("/api/v1/events?limit=1000");
    if (!after.empty()) target += "&after=" + percent_encoded(after);
    const auto answer = client.send({.target = target});
    if (!answer) return console.end(kExitProblem, answer.error().message);
    if (!answer->ok()) return console.end(kExitProblem, answer->problem());
    const auto page = read_event_page(answer->body);
    if (!page) return console.end(kExitProblem, page.error().message);
    for (const auto& change_set : page->change_sets) {
      if (!print(console, change_set)) return console.end_undelivered();
    }
    if (page->change_sets.empty() || page->cursor == after) return kExitClean;
    after = page->cursor;
  }
}

/// Follows the stream for ever, from the last cursor.
class Follower {
 public:
  Follower(const Config& config, std::string after, const Console& console)
      : config_(config), after_(std::move(after)), console_(console) {}

  ExitCode run(ApiClient client) {
    while (true) {
      const auto answer = follow(client);
      if (closed_ || output_is_closed()) return console_.end_undelivered();
      if (unreadable_) return console_.end(kExitProblem, "the server's stream is not understood");
      if (answer && !answer->ok()) return console_.end(kExitProblem, answer->problem());
      if (!answer) console_.err << fmt::format("{}; trying again\n", answer.error().message);
      do {
        std::this_thread::sleep_for(pause());
      } while (!find_again(client) && !output_is_closed());
    }
  }

 private:
  // A comment comes every 15 s, so three of them missing is a dead connection.
  static constexpr Millis kSilence{45'000};
  static constexpr Millis kLongestPause{15'000};

  Result<ApiAnswer> follow(ApiClient& client) {
    ApiRequest request{.target = "/api/v1/stream",
                       .last_event_id = reader_.last_id(),
                       .silence = kSilence,
                       .waiting = [] { return !output_is_closed(); }};
    if (request.last_event_id.empty() && !after_.empty()) {
      request.target += "?after=" + percent_encoded(after_);
    }
    reader_.reconnect();
    return client.stream(request, [this](std::string_view bytes) {
      failures_ = 0;
      unreadable_ = !reader_.feed(bytes);
      return !unreadable_ && !closed_;
    });
  }

  void take(const SseEvent& event) {
    if (event.event == "reset") {
      console_.err << fmt::format("reset: {}\n", for_terminal(event.data));
    } else {
      closed_ = !print(console_, event.data);
    }
  }

  Millis pause() {
    const auto base = reader_.retry().value_or(Millis(1'000));
    const auto grown = base * (1 << std::min(failures_++, 4));
    return std::min(grown, kLongestPause);
  }

  // The server may have come back on another port, or with another token.
  bool find_again(ApiClient& client) {
    auto found = connect_to_server(config_);
    if (found) client = std::move(*found);
    return found.has_value();
  }

  const Config& config_;
  std::string after_;
  const Console& console_;
  bool closed_ = false;  // nobody reads our output any more
  bool unreadable_ = false;
  int failures_ = 0;  // in a row
  SseReader reader_{[this](const SseEvent& event) { take(event); }};
};

}  // namespace

ExitCode events(const Config& config, const EventsArguments& arguments, const Console& console) {
  const auto& after = arguments.after;
  if (!after.empty() && after != "0" && !Cursor::parse(after)) {
    return console.end(
        kExitUsage, fmt::format("--after: \"{}\" is no cursor; take EPOCH-SEQ from an entry that "
                                "was printed, such as k3f9x2ab-1042, or 0 for the oldest kept",
                                show_invisible(after, 100)));
  }
  auto client = connect_to_server(config);
  if (!client) {
    return console.end(kExitProblem,
                       client.error().message + "; events come from a running server");
  }
  if (!arguments.follow) return print_pages(*client, arguments.after, console);
  return Follower(config, arguments.after, console).run(std::move(*client));
}

}  // namespace cc::app
