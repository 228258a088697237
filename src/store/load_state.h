#pragma once
// A large fleet's stored rows, back in memory as fast as two cores can: rows are fetched on one
// thread while others make sense of what was fetched before.

#include <cstdint>
#include <deque>
#include <future>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/thread_pool.hpp>

#include "store/load_row.h"

namespace cc::store {

/// Use once, on one thread: `add` every row, then `finish`. Holds a few MiB of JSON for each
/// core, however many rows there are.
class StateLoader {
 public:
  StateLoader();

  void add(fleet::Table kind, std::string_view gateway, std::string_view id, std::string_view json);
  /// The fleet; kCorrupt, naming it, where a row cannot be read.
  [[nodiscard]] Result<fleet::Fleet> finish();

 private:
  /// Copies of rows as they were fetched, one after the other.
  struct Chunk {
    struct Row {
      fleet::Table kind;
      std::uint32_t gateway;  // sizes
      std::uint32_t id;
      std::uint32_t json;
    };
    std::string bytes;
    std::vector<Row> rows;
  };
  using Rows = Result<std::vector<StoredRow>>;

  static Rows read(const Chunk& chunk);
  void hand_out();
  void take_oldest();
  void put(StoredRow row);
  void make_room(std::string_view gateway);

  const std::size_t readers_;
  Chunk chunk_;
  std::deque<std::future<Rows>> reading_;  // in the order of the rows
  fleet::Fleet fleet_;
  /// How many sessions the agents of a gateway say that they have, until the first of them comes.
  std::map<std::string, std::size_t, std::less<>> expected_;
  std::optional<Error> failed_;
  boost::asio::thread_pool pool_;  // drops what it has not begun when it goes
};

}  // namespace cc::store
