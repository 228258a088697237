#include "api/query/list_query.h"

#include <algorithm>
#include <cmath>

#include "base/number.h"

namespace cc::api {
namespace {

std::unexpected<ParameterFault> fault(std::string_view parameter, std::string detail) {
  return std::unexpected(ParameterFault{std::string(parameter), std::move(detail)});
}

std::optional<OwnedValue> parse_integer(std::string_view text) {
  const auto number = parse_whole(text);
  return number ? std::optional<OwnedValue>(*number) : std::nullopt;
}

std::optional<OwnedValue> parse_number(std::string_view text) {
  const auto number = number_in<double>(text);
  if (!number || !std::isfinite(*number)) return std::nullopt;
  return OwnedValue(*number);
}

std::optional<OwnedValue> parse_bool(std::string_view text) {
  if (text == "true") return OwnedValue(true);
  if (text == "false") return OwnedValue(false);
  return std::nullopt;
}

std::optional<OwnedValue> parse_wanted(const FieldSpec& field, std::string_view text) {
  if (text == "null") return OwnedValue();
  switch (field.kind) {
    case FieldKind::kBool: return parse_bool(text);
    case FieldKind::kInteger: return parse_integer(text);
    case FieldKind::kNumber: return parse_number(text);
    case FieldKind::kText:
    case FieldKind::kTexts: break;
  }
  if (field.known != nullptr && !field.known(text)) return std::nullopt;
  return OwnedValue(std::string(text));
}

constexpr std::string_view kTo = "..";

bool is_range(const FieldSpec& field, std::string_view text) {
  const bool is_number = field.kind == FieldKind::kInteger || field.kind == FieldKind::kNumber;
  return is_number && text.find(kTo) != std::string_view::npos;
}

/// An end that is left out is null; one that cannot be read makes no range.
bool parse_end(const FieldSpec& field, std::string_view text, OwnedValue& into) {
  if (text.empty()) return true;
  auto number = field.kind == FieldKind::kInteger ? parse_integer(text) : parse_number(text);
  if (!number) return false;
  into = *std::move(number);
  return true;
}

/// `FROM..TO`, where one of the two may be left out.
std::optional<Range> parse_range(const FieldSpec& field, std::string_view text) {
  const std::size_t middle = text.find(kTo);
  Range range;
  if (!parse_end(field, text.substr(0, middle), range.from)) return std::nullopt;
  if (!parse_end(field, text.substr(middle + kTo.size()), range.to)) return std::nullopt;
  const Value from = view(range.from);
  const Value to = view(range.to);
  if (is_null(from) || is_null(to)) {
    return is_null(from) && is_null(to) ? std::nullopt : std::optional(std::move(range));
  }
  return compare(from, to) < 0 ? std::optional(std::move(range)) : std::nullopt;
}

/// Adds a value or a range; false where the text is neither.
bool add_wanted(FieldFilter& filter, const FieldSpec& field, std::string_view text) {
  if (is_range(field, text)) {
    auto range = parse_range(field, text);
    if (!range) return false;
    filter.ranges.push_back(*std::move(range));
    return true;
  }
  auto wanted = parse_wanted(field, text);
  if (!wanted) return false;
  filter.any_of.push_back(*std::move(wanted));
  return true;
}

std::string_view accepted_form(const FieldSpec& field) {
  switch (field.kind) {
    case FieldKind::kBool: return "true, false or null";
    case FieldKind::kInteger: return "a whole number, a range FROM..TO with FROM below TO, or null";
    case FieldKind::kNumber: return "a number, a range FROM..TO with FROM below TO, or null";
    case FieldKind::kText:
    case FieldKind::kTexts: break;
  }
  return "one of the words that the field can hold, or null";
}

bool can_hold(FieldKind kind, const OwnedValue& value) {
  if (std::holds_alternative<std::monostate>(value)) return true;
  switch (kind) {
    case FieldKind::kBool: return std::holds_alternative<bool>(value);
    case FieldKind::kInteger: return std::holds_alternative<std::int64_t>(value);
    case FieldKind::kNumber: {
      const auto* number = std::get_if<double>(&value);
      return number != nullptr && std::isfinite(*number);
    }
    case FieldKind::kText: return std::holds_alternative<std::string>(value);
    case FieldKind::kTexts: return std::holds_alternative<Texts>(value);
  }
  return false;
}

/// Builds a query, a parameter at a time.
class Builder {
 public:
  explicit Builder(std::span<const FieldSpec> fields) : fields_(fields) {}

  std::expected<void, ParameterFault> add(const Parameter& parameter) {
    const auto& [name, value] = parameter;
    const bool once =
        name == "limit" || name == "page" || name == "sort" || name == "q" || name == "facets";
    if (once && std::ranges::find(seen_, name) != seen_.end()) {
      return fault(name, "The parameter '" + name + "' is given twice.");
    }
    seen_.push_back(name);
    if (name == "limit") return set_limit(value);
    if (name == "page") return set_page(value);
    if (name == "sort") return set_sort(value);
    if (name == "q") return set_needle(value);
    if (name == "facets") return set_facets(value);
    return add_filter(name, value);
  }

  std::expected<ListQuery, ParameterFault> finish() && {
    if (query_.after && !fits(*query_.after)) {
      return fault("page", "The parameter 'page' belongs to a list in another order.");
    }
    return std::move(query_);
  }

 private:
  std::expected<void, ParameterFault> set_limit(const std::string& value) {
    const auto limit = parse_limit(value);
    if (!limit) return std::unexpected(limit.error());
    query_.limit = *limit;
    return {};
  }

  std::expected<void, ParameterFault> set_page(const std::string& value) {
    query_.after = decode_page_token(value);
    if (!query_.after) {
      return fault("page", "The parameter 'page' must be what 'next' of an earlier page gave.");
    }
    return {};
  }

  std::expected<void, ParameterFault> set_sort(const std::string& value) {
    for (const std::string& name : split_list(value)) {
      const bool descending = name.starts_with('-');
      const auto field = find(std::string_view(name).substr(descending ? 1 : 0));
      if (!field) {
        return fault("sort", "The parameter 'sort' names no field of the rows: '" + name + "'.");
      }
      if (std::ranges::find(query_.orders, *field, &Order::field) != query_.orders.end()) {
        return fault("sort", "The parameter 'sort' names a field twice: '" + name + "'.");
      }
      query_.orders.push_back({*field, descending});
    }
    query_.sort = value;
    return {};
  }

  std::expected<void, ParameterFault> set_needle(const std::string& value) {
    query_.needle = fold_case(value);
    return {};
  }

  std::expected<void, ParameterFault> set_facets(const std::string& value) {
    for (const std::string& name : split_list(value)) {
      const auto field = find(name);
      if (!field || !fields_[*field].faceted) {
        return fault("facets", "The parameter 'facets' names fields to count by; here: " +
                                   faceted_names() + ".");
      }
      if (std::ranges::find(query_.facets, *field) == query_.facets.end()) {
        query_.facets.push_back(*field);
      }
    }
    return {};
  }

  [[nodiscard]] std::string faceted_names() const {
    std::string names;
    for (const FieldSpec& field : fields_) {
      if (field.faceted) names.append(names.empty() ? "" : ", ").append(field.name);
    }
    return names;
  }

  std::expected<void, ParameterFault> add_filter(const std::string& name,
                                                 const std::string& value) {
    const auto field = find(name);
    if (!field) return fault(name, "The parameter '" + name + "' is not known here.");
    FieldFilter& filter = filter_of(*field);
    for (const std::string& word : split_list(value)) {
      if (add_wanted(filter, fields_[*field], word)) continue;
      return fault(name, "The parameter '" + name + "' must be " +
                             std::string(accepted_form(fields_[*field])) + ".");
    }
    return {};
  }

  [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const {
    const auto found = std::ranges::find(fields_, name, &FieldSpec::name);
    if (found == fields_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - fields_.begin());
  }

  FieldFilter& filter_of(std::size_t field) {
    const auto found = std::ranges::find(query_.filters, field, &FieldFilter::field);
    if (found != query_.filters.end()) return *found;
    return query_.filters.emplace_back(FieldFilter{field, {}, {}});
  }

  /// A token can be forged, so its values must have the types of the fields; otherwise comparing
  /// would be meaningless.
  [[nodiscard]] bool fits(const PageToken& place) const {
    return place.sort == query_.sort &&
           std::ranges::equal(place.values, query_.orders, [&](const auto& value, Order order) {
             return can_hold(fields_[order.field].kind, value);
           });
  }

  std::span<const FieldSpec> fields_;
  ListQuery query_;
  std::vector<std::string> seen_;
};

}  // namespace

std::expected<std::size_t, ParameterFault> parse_limit(std::string_view text) {
  const std::int64_t limit = parse_whole(text).value_or(0);
  if (limit < 1 || limit > static_cast<std::int64_t>(kMaxLimit)) {
    return fault("limit", "The parameter 'limit' must be a whole number from 1 to " +
                              std::to_string(kMaxLimit) + ".");
  }
  return static_cast<std::size_t>(limit);
}

std::expected<ListQuery, ParameterFault> parse_list_query(const Parameters& parameters,
                                                          std::span<const FieldSpec> fields,
                                                          std::string_view usual_order) {
  Builder builder(fields);
  for (const Parameter& parameter : parameters) {
    if (auto added = builder.add(parameter); !added) return std::unexpected(added.error());
  }
  const bool is_sorted =
      std::ranges::find(parameters, "sort", &Parameter::name) != parameters.end();
  if (!is_sorted && !usual_order.empty()) {
    if (auto added = builder.add({"sort", std::string(usual_order)}); !added) {
      return std::unexpected(added.error());
    }
  }
  return std::move(builder).finish();
}

}  // namespace cc::api
