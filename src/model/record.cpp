// SPDX-License-Identifier: Apache-2.0
#include "model/record.hpp"

#include "base/json_text.hpp"
#include "base/text.hpp"
#include "diag/escape.hpp"

#include <array>
#include <charconv>

namespace sluice::model {
namespace {

std::string_view word(const Line& line) {
  constexpr std::array<std::string_view, 4> words = {"pass", "hold", "reject", "none"};
  return line.skipped ? "skip" : words.at(static_cast<std::size_t>(line.outcome));
}

std::string subject_of(const Line& line) {
  return text::printable(line.metric) +
         (line.slice.empty() ? "" : " [" + text::printable(line.slice) + ']') + ' ' + line.question;
}

std::string quoted(std::string_view value) {
  std::string out;
  text::append_json_string(value, out);
  return out;
}

/// The shortest text that reads back as the same double.
std::string exact(double value) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value);
  return {text.data(), end.ptr};
}

std::string describe(const Subject& subject) {
  return "{\"source\": " + quoted(subject.source) + ", \"data\": " + quoted(subject.data) +
         ", \"commit\": " + quoted(subject.commit) +
         ", \"model_sha256\": " + quoted(subject.model_sha256) + '}';
}

std::string describe(const Line& line) {
  std::string out = "    {\"metric\": " + quoted(line.metric);
  if (!line.slice.empty()) {
    out += ", \"slice\": " + quoted(line.slice);
  }
  out += ", \"question\": " + quoted(line.question) + ", \"outcome\": " + quoted(word(line)) +
         ", \"says\": " + quoted(line.says) + ", \"numbers\": {";
  for (const auto& [key, value] : line.numbers) {
    out += (out.ends_with('{') ? "" : ", ") + quoted(key) + ": " + exact(value);
  }
  return out + "}}";
}

}  // namespace

std::string to_text(const Judgement& judgement) {
  std::string out;
  for (const Line& line : judgement.lines) {
    std::string head(word(line));
    head.resize(7, ' ');
    out += head + subject_of(line) + ": " + line.says + '\n';
  }
  return out;
}

std::string to_markdown(const Judgement& judgement) {
  std::string out = "## Model gate: " + std::string(name(judgement.verdict)) + "\n\n";
  if (!judgement.lines.empty()) {
    out += "| check | outcome | numbers |\n|---|---|---|\n";
  }
  for (const Line& line : judgement.lines) {
    out += "| " + diag::markdown(subject_of(line)) + " | " + std::string(word(line)) + " | " +
           diag::markdown(line.says) + " |\n";
  }
  for (const std::string& reason : judgement.no_verdict) {
    out += "\n- no verdict: " + diag::markdown(reason);
  }
  return out + (judgement.no_verdict.empty() ? "" : "\n");
}

std::string to_json(const Judgement& judgement,
                    const Policy& policy,
                    const Case& what,
                    const std::string& now) {
  std::string out = "{\n  \"schema\": \"sluice.model-gate/v1\",\n";
  out += "  \"verdict\": " + quoted(name(judgement.verdict)) + ",\n";
  out += "  \"policy\": " + quoted(policy.digest) + ",\n";
  out += "  \"now\": " + quoted(now) + ",\n";
  out += "  \"commit\": " + quoted(what.candidate.commit) + ",\n";
  out += "  \"candidate\": " + describe(what.candidate) + ",\n";
  out += "  \"champion\": " + (what.champion ? describe(*what.champion) : "null") + ",\n";
  out += "  \"checks\": [";
  for (const Line& line : judgement.lines) {
    out += (&line == judgement.lines.data() ? "\n" : ",\n") + describe(line);
  }
  out += judgement.lines.empty() ? "],\n" : "\n  ],\n";
  out += "  \"no_verdict\": [";
  for (const std::string& reason : judgement.no_verdict) {
    out += (&reason == judgement.no_verdict.data() ? "\n    " : ",\n    ") + quoted(reason);
  }
  return out + (judgement.no_verdict.empty() ? "]\n}\n" : "\n  ]\n}\n");
}

std::string model_of(const Case& what) {
  return what.model_file_sha256.empty() ? what.candidate.model_sha256 : what.model_file_sha256;
}

}  // namespace sluice::model
