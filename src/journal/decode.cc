#include "journal/decode.h"

#include <optional>
#include <set>
#include <string>
#include <utility>

#include <simdjson.h>

#include "fleet/rows/codec.h"
#include "fleet/rows/field_table.h"

namespace cc::journal {
namespace {

namespace ondemand = simdjson::ondemand;
using fleet::KindOf;
using fleet::Tag;

std::unexpected<Error> damaged(std::string_view why) {
  return fail(ErrorCode::kCorrupt, "journal entry: " + std::string(why));
}

bool is_ok(simdjson::error_code error) {
  return error == simdjson::SUCCESS;
}

/// How the member is called that names a row within its gateway.
template <class Row>
constexpr std::string_view identity_name() {
  std::string_view name;
  fleet::each_field<Row>([&](auto field) {
    if constexpr (has_use(field.uses, fleet::kIdentity)) name = field.wire;
  });
  return name;
}

/// Reads one body into a change set. Members may come in any order.
class BodyReader {
 public:
  Result<fleet::ChangeSet> read(ondemand::object body) {
    for (auto field : body) {
      std::string_view name;
      ondemand::value value;
      if (!is_ok(field.unescaped_key().get(name)) || !is_ok(field.value().get(value))) {
        return damaged("it is broken off");
      }
      if (auto done = take(name, value); !done) return std::unexpected(done.error());
    }
    return finish();
  }

 private:
  Result<void> take(std::string_view name, ondemand::value value) {
    if (name == "gateway") return take_word(name, value, gateway_, as_it_is);
    if (name == "source") return take_word(name, value, source_, fleet::parse<fleet::Source>);
    if (name == "cause") return take_word(name, value, cause_, fleet::parse<fleet::Cause>);
    Result<void> done;
    fleet::each_kind([&]<class Row>(Tag<Row> tag) {
      if (name == KindOf<Row>::plural) done = take_group(changes_.of(tag), value);
    });
    return done;
  }

  static std::optional<std::string> as_it_is(std::string_view text) { return std::string(text); }

  template <class Word>
  static Result<void> take_word(std::string_view name, ondemand::value value,
                                std::optional<Word>& into,
                                std::optional<Word> (*parse)(std::string_view)) {
    std::string_view text;
    into = is_ok(value.get_string().get(text)) ? parse(text) : std::nullopt;
    if (into) return {};
    return damaged("`" + std::string(name) + "` is not what it should be");
  }

  template <class Row>
  Result<void> take_group(fleet::Changes<Row>& group, ondemand::value value) {
    ondemand::object lists;
    if (!is_ok(value.get_object().get(lists))) return damaged("a group is no object");
    for (auto field : lists) {
      std::string_view name;
      if (!is_ok(field.unescaped_key().get(name))) return damaged("a group is broken off");
      Result<void> done;
      if (name == "upsert") {
        done = each_item(field.value(), [&](auto item) { return upsert(group, item); });
      } else if (name == "remove") {
        done = each_item(field.value(), [&](auto item) { return remove(group, item); });
      }
      if (!done) return done;
    }
    return {};
  }

  template <class Take>
  static Result<void> each_item(ondemand::value list, Take take) {
    ondemand::array items;
    if (!is_ok(list.get_array().get(items))) return damaged("a group holds something but lists");
    for (auto item : items) {
      ondemand::object object;
      if (!is_ok(item.get_object().get(object))) return damaged("a list holds something but rows");
      if (auto done = take(object); !done) return done;
    }
    return {};
  }

  template <class Row>
  Result<void> upsert(fleet::Changes<Row>& group, ondemand::object object) {
    std::string_view json;
    if (!is_ok(object.raw_json().get(json))) return damaged("a row is broken off");
    auto row = fleet::decode<Row>(json);
    if (!row) return damaged(row.error().message);
    owners_.emplace(gateway_of(**row));
    group.upsert.push_back(*std::move(row));
    return {};
  }

  template <class Row>
  static Result<void> remove(fleet::Changes<Row>& group, ondemand::object object) {
    std::string_view id;
    if (!is_ok(object[identity_name<Row>()].get_string().get(id))) {
      return damaged("what is removed has no name");
    }
    group.remove.emplace_back(id);
    return {};
  }

  Result<fleet::ChangeSet> finish() {
    if (!gateway_ || !source_ || !cause_) {
      return damaged("`gateway`, `source` or `cause` is missing");
    }
    if (owners_.size() > 1 || (!owners_.empty() && *owners_.begin() != *gateway_)) {
      return damaged("a row in it is of another gateway");
    }
    changes_.gateway = *std::move(gateway_);
    changes_.source = *source_;
    changes_.cause = *cause_;
    return std::move(changes_);
  }

  fleet::ChangeSet changes_;
  std::optional<std::string> gateway_;
  std::optional<fleet::Source> source_;
  std::optional<fleet::Cause> cause_;
  std::set<std::string, std::less<>> owners_;  // of the rows
};

}  // namespace

Result<fleet::ChangeSet> decode(std::string_view body) {
  // One per thread: its buffers are what makes reading a long journal quick.
  thread_local ondemand::parser parser;
  const simdjson::padded_string padded(body);
  ondemand::document document;
  ondemand::object object;
  if (!is_ok(parser.iterate(padded).get(document)) || !is_ok(document.get_object().get(object))) {
    return damaged("it is not a JSON object");
  }
  auto changes = BodyReader().read(object);
  const bool is_all = document.current_location().error() == simdjson::OUT_OF_BOUNDS;
  if (changes && !is_all) return damaged("more follows than its members");
  return changes;
}

}  // namespace cc::journal
