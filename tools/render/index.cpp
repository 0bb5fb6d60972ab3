// SPDX-License-Identifier: Apache-2.0
#include "render/index.hpp"

#include "base/sha256.hpp"
#include "base/text.hpp"
#include "io/files.hpp"
#include "render/order.hpp"
#include "render/stream.hpp"

#include <nlohmann/json.hpp>

namespace sluice::render {
namespace {

using Json = nlohmann::ordered_json;

/// Digests of input files; a file that many units read is read once.
class Digests {
 public:
  explicit Digests(const std::string& root) : root_(root) {}

  const std::string& of(const std::string& file) {
    auto& known = known_[file];
    if (known.empty()) {
      const auto bytes = io::read_file(root_ + "/" + file);
      known = bytes ? hex(sha256(*bytes)) : "unreadable";
    }
    return known;
  }

 private:
  const std::string& root_;
  std::map<std::string, std::string> known_;
};

std::size_t count(const Delivery& delivery) {
  std::size_t objects = 0;
  for (const auto& piece : delivery.pieces) {
    objects += piece.objects;
  }
  return objects;
}

std::string place(const diag::Location& at) {
  return at.line > 0 ? at.file + ":" + std::to_string(at.line) : at.file;
}

Json unit_json(const Delivery& delivery, Digests& digests) {
  const auto& unit = delivery.unit;
  Json inputs = Json::array();
  std::vector<std::string> files = delivery.rendered;
  files.insert(files.end(), delivery.inputs.begin(), delivery.inputs.end());
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    inputs.push_back({{"path", text::printable(file, 4096)}, {"sha256", digests.of(file)}});
  }
  Json json = {{"name", text::printable(unit.name, 1000)},
               {"env", unit.env},
               {"tool", delivery.tool},
               {"definedAt", text::printable(place(unit.defined_at), 4096)},
               {"chain", text::printable(unit.chain.empty() ? unit.name : unit.chain, 4096)},
               {"destination", text::printable(unit.destination, 1000)},
               {"namespace", text::printable(unit.name_space, 1000)},
               {"arguments", Json::array()},
               {"inputs", std::move(inputs)},
               {"absent", Json::array()},
               {"objects", count(delivery)},
               {"sha256", delivery.failure.empty() ? digest_of(delivery) : ""},
               {"warnings", delivery.warnings},
               {"skipped", delivery.failure.empty() ? Json() : Json(delivery.failure)}};
  for (const auto& argument : delivery.arguments) {
    json["arguments"].push_back(text::printable(argument, 100'000));
  }
  for (const auto& file : delivery.absent) {
    json["absent"].push_back(text::printable(file, 4096));
  }
  return json;
}

Json file_json(const FileRow& row) {
  Json units = Json::array();
  for (const auto& unit : row.units) {
    units.push_back(text::printable(unit, 1000));
  }
  return {{"path", text::printable(row.path, 4096)},
          {"as", name(row.role)},
          {"units", std::move(units)},
          {"reason", row.reason}};
}

}  // namespace

std::string index_json(const Plan& plan,
                       const std::vector<FileRow>& files,
                       const delivery::Repository& repository) {
  Digests digests(repository.root);
  std::set<std::string> unchanged;
  Json json = {{"format", "sluice index v1"},
               {"helm", helm::pinned_version},
               {"kustomize", kustomize::pinned_version},
               {"units", Json::array()},
               {"unchanged", Json::array()},
               {"skipped", Json::array()},
               {"files", Json::array()}};
  for (const auto* delivery : sorted(plan.deliveries)) {
    json["units"].push_back(unit_json(*delivery, digests));
  }
  for (const auto& delivery : plan.deliveries) {
    if (delivery.stage == Stage::unchanged && !delivery.superseded) {
      unchanged.insert(text::printable(label(delivery.unit), 1000));
    }
  }
  json["unchanged"] = unchanged;
  for (const auto& skip : plan.skips) {
    json["skipped"].push_back({{"name", text::printable(skip.name, 1000)},
                               {"env", skip.env},
                               {"definedAt", text::printable(place(skip.at), 4096)},
                               {"reason", skip.reason}});
  }
  for (const auto& row : files) {
    json["files"].push_back(file_json(row));
  }
  return json.dump(1) + "\n";
}

}  // namespace sluice::render
