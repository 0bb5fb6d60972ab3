// SPDX-License-Identifier: Apache-2.0
#include "report/plan.hpp"

#include <nlohmann/json.hpp>

namespace sluice::report {

namespace {

using Json = nlohmann::ordered_json;

std::string_view name(Field::Kind kind) {
  switch (kind) {
    case Field::Kind::added:
      return "added";
    case Field::Kind::removed:
      return "removed";
    case Field::Kind::changed:
      return "changed";
  }
  return "changed";
}

Json to_json(const Field& field) {
  Json json = {{"change", name(field.kind)}, {"path", field.path}};
  const bool masked = field.before == "(masked)";
  if (masked) {
    json["masked"] = true;
    return json;
  }
  if (field.kind != Field::Kind::added) {
    json["before"] = field.before;
  }
  if (field.kind != Field::Kind::removed) {
    json["after"] = field.after;
  }
  return json;
}

Json to_json(const Change& change) {
  Json json = {{"change", report::name(change.kind)},
               {"env", change.env},
               {"unit", change.unit},
               {"destination", change.destination},
               {"resource",
                {{"apiVersion", change.object.api_version},
                 {"kind", change.object.kind},
                 {"namespace", change.object.name_space},
                 {"name", change.object.name}}}};
  if (!change.moved_from.empty()) {
    json["movedFrom"] = change.moved_from;
  }
  if (!change.acknowledged.empty()) {
    json["acknowledged"] = change.acknowledged;
  }
  if (change.kind == Change::Kind::changed) {
    json["fields"] = Json::array();
    for (const Field& field : change.fields.fields) {
      json["fields"].push_back(to_json(field));
    }
    json["moreFields"] = change.fields.more;
  }
  return json;
}

}  // namespace

std::string to_json(const Plan& plan) {
  Json json = {{"added", plan.count(Change::Kind::added)},
               {"changed", plan.count(Change::Kind::changed)},
               {"removed", plan.count(Change::Kind::removed)},
               {"changes", Json::array()}};
  for (const Change& change : plan.changes) {
    json["changes"].push_back(to_json(change));
  }
  return json.dump(2, ' ', true, Json::error_handler_t::replace) + '\n';
}

}  // namespace sluice::report
