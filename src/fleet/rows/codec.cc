#include "fleet/rows/codec.h"

#include <functional>

#include <simdjson.h>

#include "base/json_read_back.h"
#include "fleet/rows/field_table.h"

namespace cc::fleet {
namespace {

// How values of each type of field are written and read; those that are not named here are known
// to the writer and the reader.

template <class Word>
concept IsWord = std::is_enum_v<Word>;

template <class Value>
concept IsJson = std::is_same_v<Value, JsonObject> || std::is_same_v<Value, JsonArray>;

template <class Value>
void write(JsonWriter& out, const Value& value) {
  out.value(value);
}
template <IsWord Word>
void write(JsonWriter& out, const Word& word) {
  out.value(text(word));
}
template <IsWord Word>
void write(JsonWriter& out, const std::optional<Word>& word) {
  word ? out.value(text(*word)) : out.null();
}
void write(JsonWriter& out, const Words& words) {
  out.begin_array();
  for (const auto& word : words) out.value(word);
  out.end_array();
}

template <IsJson Json>
void write(JsonWriter& out, const Json& value) {
  out.raw(value.json);
}
template <IsJson Json>
void write(JsonWriter& out, const std::optional<Json>& value) {
  value ? out.raw(value->json) : out.null();
}
void write(JsonWriter& out, const Author& author) {
  out.begin_object()
      .field("name", author.name)
      .field("role", author.role)
      .field("via", author.via)
      .end_object();
}
void write(JsonWriter& out, const CommandTarget& target) {
  out.begin_object();
  if (!target.member.empty()) out.field(target.member, target.id);
  out.end_object();
}

template <class Value>
bool read(JsonReadBack& in, Value& into) {
  return in.value(into);
}
constexpr char first_of(const JsonObject& /*like*/) {
  return '{';
}
constexpr char first_of(const JsonArray& /*like*/) {
  return '[';
}
template <IsJson Json>
bool read(JsonReadBack& in, Json& into) {
  std::string_view json;
  if (!in.raw_value(json) || !json.starts_with(first_of(into))) return false;
  into.json = json;
  return true;
}
template <IsJson Json>
bool read(JsonReadBack& in, std::optional<Json>& into) {
  std::string_view json;
  if (!in.raw_value(json)) return false;
  into.reset();
  if (json == "null") return true;
  if (!json.starts_with(first_of(Json()))) return false;
  into.emplace().json = json;
  return true;
}
/// An object of texts.
bool read_texts(JsonReadBack& in,
                const std::function<void(std::string_view name, std::string_view text)>& take) {
  std::string_view json;
  if (!in.raw_value(json)) return false;
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(json.data(), json.size()).get(object) != simdjson::SUCCESS) return false;
  for (const auto [name, value] : object) {
    std::string_view text;
    if (value.get(text) == simdjson::SUCCESS) take(name, text);
  }
  return true;
}
bool read(JsonReadBack& in, Author& into) {
  return read_texts(in, [&](std::string_view name, std::string_view text) {
    if (name == "name") into.name = text;
    if (name == "role") into.role = text;
    if (name == "via") into.via = text;
  });
}
bool read(JsonReadBack& in, CommandTarget& into) {
  return read_texts(in, [&](std::string_view name, std::string_view text) {
    into = {std::string(name), std::string(text)};
  });
}
template <IsWord Word>
bool read(JsonReadBack& in, Word& into) {
  std::string_view spelling;
  if (!in.value(spelling)) return false;
  const auto word = parse<Word>(spelling);
  if (word) into = *word;
  return word.has_value();
}
/// A word that is not known is as good as none.
template <IsWord Word>
bool read(JsonReadBack& in, std::optional<Word>& into) {
  std::optional<std::string_view> spelling;
  if (!in.value(spelling)) return false;
  into = spelling ? parse<Word>(*spelling) : std::nullopt;
  return true;
}
bool read(JsonReadBack& in, Words& into) {
  into.clear();
  return in.value(into);
}

std::unexpected<Error> damaged(std::string_view why) {
  return fail(ErrorCode::kCorrupt, "stored row: " + std::string(why));
}
std::unexpected<Error> damaged(std::string_view member, std::string_view why) {
  return damaged("member `" + std::string(member) + "` " + std::string(why));
}

/// Reads one row, in laps over the table of its fields: each takes those that come in their order,
/// so a row as we write it takes one. What is next when a lap has taken nothing is not known.
template <class Row>
class RowReader {
 public:
  explicit RowReader(std::string_view json) : json_(json), text_(json) {}

  Result<Made<Row>> read_row() {
    if (!json_.begin_object() || !simdjson::validate_utf8(text_)) {
      return damaged("not a JSON object");
    }
    while (!json_.end_object()) {
      const std::size_t left = json_.left();
      if (!lap()) return damaged(wrong_, "is not what it should be");
      if (json_.left() == left && !json_.skip_member()) return damaged("it is broken off");
    }
    if (!json_.at_end()) return damaged("more follows than its members");
    if (const auto missing = missing_name(); !missing.empty())
      return damaged(missing, "is missing");
    return hold<Row>(std::move(row_));
  }

 private:
  bool lap() {
    return every_field<Row>([this](auto field) {
      if (!json_.key(field.wire)) return true;
      if (take(field)) return true;
      wrong_ = field.wire;
      return false;
    });
  }

  template <class Field>
  bool take(Field field) {
    if constexpr (!field.kIsKept) {
      return json_.skip_value();
    } else {
      if constexpr (is_name(field)) named_ |= field.uses;
      return read(json_, field.in(row_));
    }
  }

  static constexpr bool is_name(auto field) {
    return has_use(field.uses, kIdentity) || has_use(field.uses, kOwner);
  }

  std::string_view missing_name() const {
    std::string_view missing;
    each_field<Row>([&](auto field) {
      if constexpr (is_name(field)) {
        if (!has_use(static_cast<Uses>(named_), field.uses)) missing = field.wire;
      }
    });
    return missing;
  }

  JsonReadBack json_;
  std::string_view text_;
  Fields<Row> row_;
  unsigned named_ = 0;      // the uses of the names that were there
  std::string_view wrong_;  // a name that stands in the code
};

/// The same JSON as JsonWriter would have written it; empty where it is none.
std::string written_anew(std::string_view json) {
  simdjson::dom::parser parser;
  simdjson::dom::element parsed;
  if (parser.parse(json.data(), json.size()).get(parsed) != simdjson::SUCCESS) return {};
  return simdjson::minify(parsed);
}

}  // namespace

template <class Row>
void encode(JsonWriter& out, const Fields<Row>& row, bool gateway_speaks) {
  out.begin_object();
  each_field<Row>([&](auto field) {
    out.key(field.wire);
    write(out, field.show(row, gateway_speaks));
  });
  out.end_object();
}

template <class Row>
void encode_identity(JsonWriter& out, std::string_view gateway, std::string_view id) {
  out.begin_object();
  each_field<Row>([&](auto field) {
    if constexpr (has_use(field.uses, kIdentity)) {
      out.field(field.wire, id);
    } else if constexpr (has_use(field.uses, kOwner)) {
      out.field(field.wire, gateway);
    }
  });
  out.end_object();
}

template <class Row>
Result<Made<Row>> decode(std::string_view json) {
  auto row = RowReader<Row>(json).read_row();
  if (row) return row;
  // Spaces, or escapes that we do not write: somebody else did.
  const std::string anew = written_anew(json);
  return anew.empty() || anew == json ? std::move(row) : RowReader<Row>(anew).read_row();
}

#define KIND(tag, ...)                                                                      \
  template void encode<tag>(JsonWriter & out, const Fields<tag>& row, bool speaks);         \
  template void encode_identity<tag>(JsonWriter & out, std::string_view, std::string_view); \
  template Result<Made<tag>> decode<tag>(std::string_view json);
#include "fleet/rows/kinds.def"

}  // namespace cc::fleet
