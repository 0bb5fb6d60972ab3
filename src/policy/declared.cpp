// SPDX-License-Identifier: Apache-2.0
#include "policy/declared.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace sluice::policy {

namespace {

using std::string_view;

Error bad(const std::string& what) {
  return Error{Error::Kind::parse, what};
}

Status known(const Value& object, string_view what, std::span<const string_view> keys) {
  for (std::size_t i = 0; i < object.size() && object.is(Type::object); ++i) {
    const auto key = object.key_at(i);
    if (std::none_of(keys.begin(), keys.end(),
                     [&](string_view k) { return text::to_lower(k) == text::to_lower(key); })) {
      return bad("\"" + text::printable(key) + "\" is not a field of " + std::string(what));
    }
  }
  return ok;
}

std::string upper(string_view text) {
  std::string result(text::trim(text));
  std::transform(result.begin(), result.end(), result.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return result;
}

Result<DeclaredAnswer> read_answer(const Value& source) {
  constexpr std::array<string_view, 4> keys = {"url", "urlPath", "method", "response"};
  constexpr std::array<string_view, 2> response_keys = {"statusCode", "body"};
  SLUICE_TRY(known(source, "apiCallResponses", keys));
  SLUICE_TRY(known(source.get({"response"}), "response", response_keys));
  const auto url = text::trim(source.text({"url"}));
  const auto path = text::trim(source.text({"urlPath"}));
  const Value status = source.get({"response", "statusCode"});
  DeclaredAnswer made{.method = upper(source.text({"method"})),
                      .url = std::string(url.empty() ? path : url),
                      .body = source.get({"response", "body"})};
  if (url.empty() == path.empty()) {
    return bad("an entry of apiCallResponses needs either url or urlPath");
  }
  if (!made.method.empty() && made.method != "GET" && made.method != "POST") {
    return bad("apiCallResponses " + text::printable(made.url) + ": the method is GET or POST");
  }
  if (!made.body.is(Type::object)) {
    return bad("apiCallResponses " + text::printable(made.url) +
               ": response.body must be a JSON object");
  }
  if (status.is(Type::number) && status.as_number() != 0) {
    made.status = static_cast<int>(std::clamp(status.as_number(), 0.0, 1000.0));
    if (made.status < 100 || made.status > 599) {
      return bad("apiCallResponses " + text::printable(made.url) +
                 ": statusCode must be between 100 and 599");
    }
  }
  return made;
}

/// The objects that an entry of the global context holds.
Status read_resources(const Value& source,
                      const std::string& folder,
                      std::vector<Value>& objects,
                      Declared& out) {
  const Value inline_ones = source.get({"resources"});
  for (std::size_t i = 0; i < inline_ones.size(); ++i) {
    objects.push_back(inline_ones.at(i));
  }
  const Value files = source.get({"resourceFiles"});
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::string path = go_text(files.at(i));
    if (path.empty() || path.starts_with('/') || path.starts_with("..")) {
      return bad("resourceFiles: \"" + text::printable(path) +
                 "\" is no file below the folder of the test");
    }
    Manifests manifests;
    SLUICE_TRY_ASSIGN(manifests, read_manifests(joined_path(folder, path)));
    out.owners.push_back(manifests);
    for (const auto& document : manifests->documents) {
      if (const Value value = Value::of(document, document.root()); value.size() > 0) {
        objects.push_back(value);
      }
    }
  }
  return ok;
}

Status read_global(const Value& source,
                   const std::string& folder,
                   ExpressionCache& cache,
                   Declared& out) {
  constexpr std::array<string_view, 6> keys = {"name",          "data",      "resources",
                                               "resourceFiles", "fieldPath", "projections"};
  SLUICE_TRY(known(source, "globalContextEntries", keys));
  const std::string name(text::trim(source.text({"name"})));
  const bool has_data = !source.get({"data"}).is_null();
  const bool has_resources = source.find("resources").has_value();
  const bool has_files = source.find("resourceFiles").has_value();
  if (name.empty() || int{has_data} + int{has_resources} + int{has_files} != 1) {
    return bad("globalContextEntries \"" + text::printable(name) +
               "\": a name and one of data, resources and resourceFiles are needed");
  }
  DeclaredGlobal made{.value = source.get({"data"}), .projections = {}};
  if (!has_data) {
    std::vector<Value> objects;
    SLUICE_TRY(read_resources(source, folder, objects, out));
    made.value = make_array(*out.arena, objects);
  }
  Context context(*out.arena, cache);
  const auto search = [&](string_view path, Value& result) -> Status {
    Failure failure;
    const Value root = made.value;
    return context.search(path, root, result, failure)
               ? Status(ok)
               : Status(bad("globalContextEntries \"" + text::printable(name) +
                            "\": " + failure.message));
  };
  if (const auto path = source.text({"fieldPath"}); !path.empty()) {
    Value found;
    SLUICE_TRY(search(path, found));
    made.value = found;
  }
  const Value projections = source.get({"projections"});
  for (std::size_t i = 0; i < projections.size(); ++i) {
    Value found;
    SLUICE_TRY(search(projections.at(i).text({"path"}), found));
    made.projections.emplace_back(projections.at(i).text({"name"}), found);
  }
  if (!made.projections.empty()) {
    std::vector<Member> members;
    for (const auto& [key, value] : made.projections) {
      members.push_back({out.arena->copy(key), value});
    }
    made.value = make_object(*out.arena, members);
  }
  if (!out.globals.emplace(name, std::move(made)).second) {
    return bad("globalContextEntries: \"" + text::printable(name) + "\" is there twice");
  }
  return ok;
}

/// The plural that Kubernetes forms of a kind.
std::string plural_of(string_view kind) {
  std::string word = text::to_lower(kind);
  if (word == "endpoints") {
    return word;
  }
  if (word.ends_with('s') || word.ends_with('x') || word.ends_with("ch") || word.ends_with("sh")) {
    return word + "es";
  }
  if (word.ends_with('y') && word.size() > 1 &&
      string_view("aeiou").find(word[word.size() - 2]) == string_view::npos) {
    return word.replace(word.size() - 1, 1, "ies");
  }
  return word + "s";
}

}  // namespace

const DeclaredAnswer* Declared::answer(string_view method, string_view url) const {
  const auto find = [&](string_view wanted) -> const DeclaredAnswer* {
    const auto found = std::find_if(answers.begin(), answers.end(), [&](const auto& entry) {
      return entry.method == wanted && entry.url == url;
    });
    return found == answers.end() ? nullptr : &*found;
  };
  const auto* exact = find(method);
  return exact == nullptr ? find("") : exact;
}

std::optional<Value> Declared::get(Arena& into, string_view path) const {
  auto steps = text::split(path.substr(0, path.find('?')), '/');
  std::erase_if(steps, [](string_view step) { return step.empty(); });
  std::string api_version;
  if (steps.size() >= 3 && steps[0] == "api") {
    api_version = std::string(steps[1]);
    steps.erase(steps.begin(), steps.begin() + 2);
  } else if (steps.size() >= 4 && steps[0] == "apis") {
    api_version = std::string(steps[1]) + "/" + std::string(steps[2]);
    steps.erase(steps.begin(), steps.begin() + 3);
  } else {
    return std::nullopt;
  }
  string_view name_space;
  if (steps.size() >= 3 && steps[0] == "namespaces") {
    name_space = steps[1];
    steps.erase(steps.begin(), steps.begin() + 2);
  }
  if (steps.empty() || steps.size() > 2) {
    return std::nullopt;
  }
  std::vector<Value> items;
  string_view kind;
  for (const auto& object : objects) {
    const bool fits =
        object.text({"apiVersion"}) == api_version &&
        plural_of(object.text({"kind"})) == steps[0] &&
        (name_space.empty() || object.text({"metadata", "namespace"}) == name_space) &&
        (steps.size() == 1 || object.text({"metadata", "name"}) == steps[1]);
    if (fits) {
      kind = object.text({"kind"});
      items.push_back(object);
    }
  }
  if (steps.size() == 2) {
    return items.empty() ? std::nullopt : std::optional(items.front());
  }
  const std::array<Member, 1> metadata = {{{"resourceVersion", Value::string("")}}};
  const std::array<Member, 4> list = {{{"apiVersion", make_string(into, api_version)},
                                       {"kind", make_string(into, std::string(kind) + "List")},
                                       {"metadata", make_object(into, metadata)},
                                       {"items", make_array(into, items)}}};
  return make_object(into, list);
}

Status read_declared(const Value& answers,
                     const Value& globals,
                     const std::string& folder,
                     Declared& out) {
  for (std::size_t i = 0; i < answers.size(); ++i) {
    DeclaredAnswer made;
    SLUICE_TRY_ASSIGN(made, read_answer(answers.at(i)));
    const bool twice = std::any_of(out.answers.begin(), out.answers.end(), [&](const auto& other) {
      return other.method == made.method && other.url == made.url;
    });
    if (twice) {
      return bad("apiCallResponses: \"" + text::printable(made.url) + "\" is there twice");
    }
    out.answers.push_back(std::move(made));
  }
  ExpressionCache cache;
  for (std::size_t i = 0; i < globals.size(); ++i) {
    SLUICE_TRY(read_global(globals.at(i), folder, cache, out));
  }
  return ok;
}

Status read_cluster(std::span<const std::string> paths, Declared& out) {
  for (const auto& path : paths) {
    Manifests manifests;
    SLUICE_TRY_ASSIGN(manifests, read_manifests(path));
    out.owners.push_back(manifests);
    out.has_cluster = true;
    for (const auto& document : manifests->documents) {
      const Value resources = Value::of(document, document.root()).get({"spec", "resources"});
      for (std::size_t i = 0; i < resources.size(); ++i) {
        out.objects.push_back(resources.at(i));
      }
    }
  }
  return ok;
}

}  // namespace sluice::policy
