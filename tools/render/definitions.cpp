// SPDX-License-Identifier: Apache-2.0
#include "render/definitions.hpp"

#include "io/files.hpp"
#include "render/survey.hpp"

#include <algorithm>
#include <filesystem>

namespace sluice::render {
namespace {

bool is_chart_head(const std::string& path) {
  return path == "Chart.yaml" || path.ends_with("/Chart.yaml");
}

Words words_of(const io::Snapshot& files, const std::string& file) {
  const auto bytes = files.read(file);
  return bytes ? words_in(**bytes) : Words{.argo = true, .application = true, .flux = true};
}

/// Whether another content of a file may make other units of the same files: it delivers some, it
/// is another kind of file now, or it is what a plain layout looks at.
bool content_decides(const Planned& head,
                     const std::string& modified,
                     const std::string& path,
                     const yaml::Limits& limits) {
  if (is_chart_head(path)) {
    return true;
  }
  auto words = words_of(head.repository.root, path);
  words |= words_of(modified, path);
  const auto facts = head.survey.files.find(path);
  return words.may_deliver() ||
         (facts != head.survey.files.end() && facts->second.kind != FileFacts::Kind::chart_part &&
          look(modified, limits, path) != facts->second);
}

}  // namespace

bool may_define_otherwise(const Planned& head, const Base& base, const yaml::Limits& limits) {
  const auto& changes = base.changes;
  for (const auto& delivery : head.plan.deliveries) {
    if (delivery.scope.may_deliver() && delivery.touched) {
      return true;
    }
  }
  for (const auto& [file, units] : head.plan.expansion_inputs) {
    if (changes.touch(file)) {
      return true;
    }
  }
  return std::any_of(changes.paths().begin(), changes.paths().end(), [&](const auto& change) {
    const auto& [path, kind] = change;
    return kind == Changes::Kind::structural ||
           (kind == Changes::Kind::modified && content_decides(head, base.modified, path, limits));
  });
}

bool touches_configuration(const delivery::Repository& repository,
                           const std::string& given,
                           const config::Config& config,
                           const Changes& changes) {
  std::error_code failed;
  const auto real = std::filesystem::canonical(given, failed).string();
  const bool inside = !failed && real.starts_with(repository.root + "/");
  const auto& answers = config.generator_answers;
  return changes.touch("sluice.yaml") || (!answers.empty() && changes.touch(answers)) ||
         (inside && changes.touch(real.substr(repository.root.size() + 1)));
}

Definitions::Definitions(const Plan& base) {
  for (const auto& delivery : base.deliveries) {
    if (!delivery.superseded) {
      units_.emplace(std::pair(delivery.unit.name, delivery.unit.env), delivery.unit);
    }
  }
}

bool Definitions::hold(const Delivery& delivery) const {
  const auto found = units_.find({delivery.unit.name, delivery.unit.env});
  return found != units_.end() && delivery::same_definition(found->second, delivery.unit);
}

}  // namespace sluice::render
