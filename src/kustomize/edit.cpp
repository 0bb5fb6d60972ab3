// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "kustomize/build.hpp"
#include "yaml/canonical.hpp"
#include "yaml/parse.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace sluice::kustomize {
namespace {

using Json = nlohmann::json;

Result<Json> read_json(const std::string& bytes, const std::string& file) {
  yaml::Stream stream;
  SLUICE_TRY_ASSIGN(stream, yaml::parse(bytes, file));
  if (stream.documents.empty() && stream.findings.empty()) {
    return Json::object();
  }
  if (stream.documents.size() != 1 || stream.documents.front().root().kind != yaml::Kind::mapping) {
    return Error{Error::Kind::parse, text::printable(file) + " is not one mapping"};
  }
  std::string json;
  yaml::append_canonical_json(stream.documents.front(), stream.documents.front().root(), json);
  auto value = Json::parse(json, nullptr, false);
  if (value.is_discarded()) {
    return Error{Error::Kind::parse, text::printable(file) + " cannot be written as JSON"};
  }
  return value;
}

/// Entries with the same `name` are replaced, others appended.
void merge_by_name(Json& into, const Json& entries) {
  for (const auto& entry : entries) {
    const auto name = entry.is_object() ? entry.value("name", Json()) : Json();
    const auto found = std::find_if(into.begin(), into.end(), [&](const Json& old) {
      return old.is_object() && !name.is_null() && old.value("name", Json()) == name;
    });
    if (found == into.end()) {
      into.push_back(entry);
    } else {
      *found = entry;
    }
  }
}

void merge(Json& into, const std::string& field, const Json& value) {
  auto& old = into[field];
  if ((field == "images" || field == "replicas") && old.is_array() && value.is_array()) {
    merge_by_name(old, value);
  } else if (old.is_array() && value.is_array()) {
    old.insert(old.end(), value.begin(), value.end());
  } else if (old.is_object() && value.is_object()) {
    old.update(value);
  } else {
    old = value;
  }
}

}  // namespace

Result<std::string> edited(const std::string& kustomization,
                           const std::string& file,
                           const std::string& edits) {
  Json document;
  SLUICE_TRY_ASSIGN(document, read_json(kustomization, file));
  const auto fields = Json::parse(edits, nullptr, false);
  if (!fields.is_object()) {
    return Error{Error::Kind::parse,
                 "the fields to add to " + text::printable(file) + " are no JSON object"};
  }
  for (const auto& [field, value] : fields.items()) {
    merge(document, field, value);
  }
  return document.dump() + "\n";
}

}  // namespace sluice::kustomize
