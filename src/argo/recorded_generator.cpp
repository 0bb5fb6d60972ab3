// SPDX-License-Identifier: Apache-2.0
#include "argo/fields.hpp"
#include "argo/generators.hpp"
#include "base/text.hpp"
#include "io/files.hpp"

#include <algorithm>
#include <charconv>

namespace sluice::argo {
namespace {

using yaml::Kind;
using yaml::Value;

constexpr std::uint64_t largest_file = std::uint64_t{16} << 20U;

Error wrong(const std::string& file, const Value& at, const std::string& what) {
  return {Error::Kind::parse, text::printable(file) + ":" + std::to_string(at.line) + ": " + what};
}

Result<RecordedAnswer> read_answer(const std::string& file, const Value& entry) {
  RecordedAnswer answer;
  for (const auto& [key, value] : entry.members) {
    if (key == "applicationSet") {
      answer.application_set = value.text;
    } else if (key == "generator") {
      answer.generator = value.text;
    } else if (key == "index") {
      const auto* end = value.text.data() + value.text.size();
      if (std::from_chars(value.text.data(), end, answer.index).ptr != end || value.text.empty()) {
        return wrong(file, value, "index is a number from 0");
      }
    } else if (key == "parameters") {
      answer.parameters = value;
    } else {
      return wrong(file, value,
                   quoted(key) + " is no key: applicationSet, generator, index, parameters");
    }
  }
  const auto& sets = answer.parameters.items;
  if (answer.application_set.empty() || answer.generator.empty() ||
      answer.parameters.kind != Kind::sequence ||
      !std::ranges::all_of(sets, [](const auto& one) { return one.is_mapping(); })) {
    return wrong(file, entry,
                 "an answer has applicationSet, generator, and parameters: a list of mappings");
  }
  return answer;
}

}  // namespace

Result<RecordedAnswers> read_answers(const std::string& root, const std::string& file) {
  RecordedAnswers out{.file = file, .answers = {}};
  std::string real;
  SLUICE_TRY_ASSIGN(real, io::resolve_inside(root, file));
  std::string bytes;
  SLUICE_TRY_ASSIGN(bytes, io::read_file(real, largest_file));
  Value list;
  SLUICE_TRY_ASSIGN(list, yaml::parse_value(std::move(bytes), file));
  if (list.kind != Kind::sequence) {
    return wrong(file, list, "the answers of generators are a list");
  }
  for (const auto& entry : list.items) {
    RecordedAnswer answer;
    SLUICE_TRY_ASSIGN(answer, read_answer(file, entry));
    out.answers.push_back(std::move(answer));
  }
  return out;
}

Generated generate_recorded(Attempt& attempt, const Value::Member& kind) {
  const auto& [name, generator] = kind;
  const auto& recorded = attempt.context.options.answers;
  const auto& set = attempt.subject.resource->ref.name;
  auto& met = attempt.recorded[name];
  const std::pair place(generator.line, generator.column);
  const auto known = std::ranges::find(met, place);
  const auto index = static_cast<std::size_t>(known - met.begin());
  if (known == met.end()) {
    met.push_back(place);
  }
  const auto answer = std::ranges::find_if(recorded.answers, [&](const auto& candidate) {
    return candidate.application_set == set && candidate.generator == name &&
           candidate.index == index;
  });
  if (answer == recorded.answers.end()) {
    attempt.context.unrenderable(attempt.subject,
                                 "generator " + name +
                                     " asks a server that is not here; render.generatorAnswers in "
                                     "sluice.yaml may name a file with its answer");
    return std::nullopt;
  }
  attempt.context.input(recorded.file);
  Parameters out;
  const auto* values = generator.find("values");
  for (const auto& element : answer->parameters.items) {
    auto parameters = parameters_of_element(attempt, element);
    if (!parameters || !append_values(attempt, values, *parameters)) {
      return std::nullopt;
    }
    out.push_back(std::move(*parameters));
  }
  return out;
}

}  // namespace sluice::argo
