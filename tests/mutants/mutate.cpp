// SPDX-License-Identifier: Apache-2.0
#include "mutants/mutate.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <functional>

namespace sluice::test {
namespace {

using yaml::Kind;
using yaml::Value;

/// A place that may change: a value, its key (empty in a list) and what holds it.
struct Place {
  std::string path;
  std::string key;
  Value* parent = nullptr;
  std::size_t index = 0;

  [[nodiscard]] Value& value() const {
    return parent->is_mapping() ? parent->members[index].second : parent->items[index];
  }
};

/// Begins a text that is written as it is, so that YAML gives it a type.
constexpr char raw_mark = '\x01';

Value raw(std::string text) {
  return Value::string(raw_mark + std::move(text));
}

bool is_left_alone(const std::string& kind, const std::string& path) {
  // What the kind decides, and what the program over Kubernetes' code does not look at: of Jobs it
  // judges the spec only and sets selector and labels itself, of budgets the spec only.
  const auto below = [&](std::string_view root) {
    return path == root || path.starts_with(std::string(root) + "/");
  };
  if (path == "/apiVersion" || path == "/kind" || below("/metadata/namespace")) {
    return true;
  }
  if (kind == "Job") {
    return below("/metadata") || below("/spec/selector") || below("/spec/manualSelector") ||
           below("/spec/template/metadata/labels") || path == "/spec/template/metadata";
  }
  return kind == "PodDisruptionBudget" && below("/metadata");
}

void places(Value& value,
            const std::string& kind,
            const std::string& path,
            std::vector<Place>& out) {
  const std::size_t n = value.is_mapping() ? value.members.size() : value.items.size();
  for (std::size_t i = 0; i < n; ++i) {
    const std::string key = value.is_mapping() ? value.members[i].first : std::string{};
    Place place{path + "/" + (key.empty() ? std::to_string(i) : key), key, &value, i};
    if (!is_left_alone(kind, place.path)) {
      out.push_back(place);
    }
    places(place.value(), kind, place.path, out);
  }
}

const std::vector<std::string>& bad_texts() {
  static const std::vector<std::string> texts{"",
                                              "Upper",
                                              "-dash",
                                              "dash-",
                                              "under_score",
                                              "two words",
                                              "a..b",
                                              "a/b",
                                              "a/b/c",
                                              "/",
                                              "/abs",
                                              "../up",
                                              "a/../b",
                                              ".",
                                              "..",
                                              "..x",
                                              "1",
                                              "123",
                                              "a=b",
                                              "%",
                                              "a%b",
                                              "5%",
                                              "101%",
                                              "1.5",
                                              "-1",
                                              "10.0.0.300",
                                              "::1",
                                              "10.0.0.0/33",
                                              "0.0.0.0/0",
                                              "*.x.com",
                                              "*",
                                              "a--b",
                                              "UPPER.CASE",
                                              "default",
                                              "None",
                                              "Always",
                                              "Never",
                                              "Exists",
                                              "Equal",
                                              "In",
                                              "TCP",
                                              "tcp",
                                              "Local",
                                              "x y z",
                                              "caf\xC3\xA9",
                                              "1xyz",
                                              "-1Gi",
                                              "0",
                                              "2Gi",
                                              "1e3",
                                              "1.5.5",
                                              "100m",
                                              "@daily",
                                              "* * * * *",
                                              "* * * *",
                                              "61 * * * *",
                                              "Mars/Base",
                                              "UTC",
                                              "app",
                                              "web",
                                              "Guaranteed",
                                              "example.com/x"};
  return texts;
}

const std::vector<std::string>& numbers() {
  static const std::vector<std::string> texts{"-1",
                                              "0",
                                              "1",
                                              "2",
                                              "101",
                                              "512",
                                              "65535",
                                              "65536",
                                              "2147483647",
                                              "2147483648",
                                              "-2147483649",
                                              "4294967297",
                                              "9223372036854775808",
                                              "1.5",
                                              "3.0",
                                              "1e2",
                                              "0x10",
                                              "0644",
                                              "1_000",
                                              "0o17"};
  return texts;
}

const std::vector<std::string>& plain_scalars() {
  static const std::vector<std::string> texts{
      "yes", "off", "true",   "null",   "~", "1:30", "12",   "3.14",    "2001-01-01", "\"quoted\"",
      "[]",  "{}",  "[a, b]", "{a: b}", "y", ".inf", "0b11", "!!str 5", "''"};
  return texts;
}

std::string long_text(Random& random) {
  static const std::vector<std::size_t> lengths{15, 16, 52, 53, 63, 64, 253, 254, 300};
  return std::string(random.one_of(lengths), 'a');
}

std::string misspelt(std::string word, Random& random) {
  if (word.size() < 3) {
    return word + "x";
  }
  const std::size_t at = 1 + random.below(word.size() - 2);
  switch (random.below(4)) {
    case 0:
      word.erase(at, 1);
      break;
    case 1:
      std::swap(word[at], word[at - 1]);
      break;
    case 2:
      word[0] = static_cast<char>(word[0] ^ 0x20);
      break;
    default:
      word.insert(at, 1, word[at]);
  }
  return word;
}

Value other_type(const Value& value, Random& random) {
  switch (random.below(6)) {
    case 0:
      return value.kind == Kind::string ? raw(random.one_of(numbers())) : Value::string(value.text);
    case 1:
      return Value::boolean(random.below(2) == 0);
    case 2: {
      Value list = Value::sequence();
      list.items.push_back(value);
      return list;
    }
    case 3: {
      Value mapping = Value::mapping();
      mapping.set("a", Value::string("b"));
      return mapping;
    }
    case 4:
      return raw(random.one_of(plain_scalars()));
    default:
      return raw("null");
  }
}

using Change = std::string (*)(const Place&, const Donors&, Random&);

std::string drop(const Place& place, const Donors&, Random&) {
  if (place.parent->is_mapping()) {
    place.parent->members.erase(place.parent->members.begin() + static_cast<long>(place.index));
  } else {
    place.parent->items.erase(place.parent->items.begin() + static_cast<long>(place.index));
  }
  return "drop";
}

std::string retype(const Place& place, const Donors&, Random& random) {
  place.value() = other_type(place.value(), random);
  return "retype";
}

std::string misspell(const Place& place, const Donors&, Random& random) {
  if (place.parent->is_mapping()) {
    auto& key = place.parent->members[place.index].first;
    key = misspelt(key, random);
  } else if (place.value().is_string()) {
    place.value() = Value::string(misspelt(place.value().text, random));
  }
  return "misspell";
}

std::string renumber(const Place& place, const Donors&, Random& random) {
  place.value() = raw(random.one_of(numbers()));
  return "number";
}

std::string retext(const Place& place, const Donors&, Random& random) {
  place.value() =
      Value::string(random.below(8) == 0 ? long_text(random) : random.one_of(bad_texts()));
  return "text";
}

std::string recase(const Place& place, const Donors&, Random& random) {
  if (place.value().is_string() && !place.value().text.empty()) {
    std::string text = place.value().text;
    text = random.below(2) == 0 ? text::to_lower(text) : misspelt(text, random);
    place.value() = Value::string(text);
  }
  return "case";
}

std::string repeat(const Place& place, const Donors&, Random& random) {
  if (place.parent->is_mapping()) {
    const auto member = place.parent->members[place.index];
    place.parent->members.push_back(member);  // the same key twice
    return "duplicate key";
  }
  const Value item = place.value();
  place.parent->items.insert(
      place.parent->items.begin() + static_cast<long>(random.below(place.parent->items.size() + 1)),
      item);
  return "duplicate item";
}

std::string nullify(const Place& place, const Donors&, Random&) {
  place.value() = raw("null");
  return "null";
}

std::string intrude(const Place& place, const Donors&, Random& random) {
  static const std::vector<std::string> names{"extra", "replica", "name",
                                              "type",  "labels",  "value"};
  Value& value = place.value();
  if (value.is_mapping()) {
    value.set(random.one_of(names), Value::string("x"));
  } else if (value.kind == Kind::sequence) {
    value.items.push_back(random.below(2) == 0 ? raw("null") : Value::string("x"));
  }
  return "intrude";
}

/// A field of another mapping of that name beside, or instead of, the one that is there.
std::string graft(const Place& place, const Donors& donors, Random& random) {
  const std::string key = place.key.empty()
                              ? text::split(place.path, '/').size() > 2
                                    ? std::string(text::split(place.path, '/').rbegin()[1])
                                    : std::string{}
                              : place.key;
  const auto* found = donors.under(key);
  if (found == nullptr || found->empty()) {
    return "keep";
  }
  const Value& donor = random.one_of(*found);
  Value& value = place.value();
  if (donor.is_mapping() && value.is_mapping() && !donor.members.empty()) {
    const auto& member = random.one_of(donor.members);
    value.set(member.first, member.second);
    return "graft";
  }
  value = donor;
  return "swap";
}

/// Nothing that anybody would refuse, most of the time.
std::string relabel(const Place& place, const Donors&, Random& random) {
  if (place.value().is_string()) {
    place.value() = Value::string(place.value().text + std::to_string(random.below(10)));
  }
  return "number behind";
}

/// Those of a kind that keeps most objects good stand more often than once.
constexpr std::array<Change, 20> changes{
    drop,    drop,    retype, misspell, renumber, renumber, retext,  retext,  recase, repeat,
    nullify, intrude, graft,  graft,    graft,    relabel,  relabel, relabel, drop,   relabel};

void write_scalar(const Value& value, std::string& out) {
  if (value.kind == Kind::string && !value.text.empty() && value.text[0] == raw_mark) {
    out += value.text.substr(1);
  } else {
    yaml::append_json(value, out);
  }
}

void write(const Value& value, std::size_t indent, std::string& out);

void write_below(const Value& value, std::size_t indent, std::string& out) {
  const bool collection = value.is_mapping() ? !value.members.empty() : !value.items.empty();
  if ((value.is_mapping() || value.kind == Kind::sequence) && collection) {
    out += '\n';
    write(value, indent, out);
  } else {
    out += ' ';
    write_scalar(value, out);
    out += '\n';
  }
}

/// Block style; strings in double quotes as JSON has them.
void write(const Value& value, std::size_t indent, std::string& out) {
  const std::string margin(indent, ' ');
  if (value.is_mapping()) {
    for (const auto& [key, member] : value.members) {
      out += margin;
      yaml::append_json(Value::string(key), out);
      out += ':';
      write_below(member, indent + 2, out);
    }
  } else {
    for (const Value& item : value.items) {
      out += margin + '-';
      write_below(item, indent + 2, out);
    }
  }
}

}  // namespace

void Donors::collect(const std::string& key, const yaml::Value& value) {
  if (!key.empty()) {
    const auto found = std::find_if(by_key_.begin(), by_key_.end(),
                                    [&](const auto& row) { return row.first == key; });
    auto& values = found == by_key_.end() ? by_key_.emplace_back(key, std::vector<Value>{}).second
                                          : found->second;
    if (value.kind != Kind::sequence) {
      values.push_back(value);
    }
  }
  for (const auto& [name, member] : value.members) {
    collect(name, member);
  }
  for (const Value& item : value.items) {
    collect(key, item);
  }
}

void Donors::collect(const yaml::Value& value) {
  collect({}, value);
}

const std::vector<yaml::Value>* Donors::under(const std::string& key) const {
  const auto found = std::find_if(by_key_.begin(), by_key_.end(),
                                  [&](const auto& row) { return row.first == key; });
  return found == by_key_.end() ? nullptr : &found->second;
}

Mutant mutate(const yaml::Value& seed, const Donors& donors, Random& random) {
  Value value = seed;
  Mutant mutant{.kind = std::string(seed.text_at({"kind"}))};
  for (std::size_t left = random.below(5) == 0 ? 2 : 1; left > 0; --left) {
    std::vector<Place> all;
    places(value, mutant.kind, {}, all);
    if (all.empty()) {
      break;  // the first change left nothing
    }
    const Place place = random.one_of(all);
    const std::string what = changes.at(random.below(changes.size()))(place, donors, random);
    mutant.what += (mutant.what.empty() ? "" : ", ") + what + " " + place.path;
  }
  write(value, 0, mutant.bytes);
  return mutant;
}

}  // namespace sluice::test
