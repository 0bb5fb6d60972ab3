// SPDX-License-Identifier: Apache-2.0
#include "mutants/recorded.hpp"

#include "base/sha256.hpp"
#include "base/text.hpp"
#include "mutants/compare.hpp"

#include <fstream>
#include <stdexcept>

namespace sluice::test {
namespace {

constexpr const char* verdicts = SLUICE_SOURCE_DIR "/tests/mutants/verdicts.tsv";

std::vector<std::vector<std::string>> table(const std::string& path) {
  std::vector<std::vector<std::string>> out;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#') {
      continue;
    }
    std::vector<std::string> cells;
    for (const std::string_view cell : text::split(line, '\t')) {
      cells.emplace_back(cell);
    }
    out.push_back(std::move(cells));
  }
  return out;
}

}  // namespace

std::string digest_of(const std::vector<Recorded>& rows, std::size_t per_kind) {
  const auto all = mutants(per_kind);
  std::string bytes;
  for (const Recorded& row : rows) {
    bytes += all.at(row.number).bytes;
  }
  return hex(sha256(bytes));
}

Record read_recorded() {
  Record record;
  for (const auto& cells : table(verdicts)) {
    if (cells.at(0) == "per-kind") {
      record.per_kind = std::stoul(cells.at(1));
    } else if (cells.at(0) == "digest") {
      record.digest = cells.at(1);
    } else {
      record.rows.push_back({std::stoul(cells.at(0)), cells.at(1), cells.at(2), cells.at(3),
                             cells.size() > 4 ? cells[4] : std::string{}});
    }
  }
  return record;
}

void write_recorded(const std::vector<Recorded>& rows, std::size_t per_kind) {
  std::ofstream out(verdicts, std::ios::binary);
  out << "# What k8s.io/kubernetes v1.33.0 (strict decoding, defaulting, pkg/apis/*/validation) "
         "says "
         "of mutants.\n# Written by: SLUICE_UPDATE=1 SLUICE_API_ORACLE=PROGRAM ctest --preset dev "
         "-L oracle -R mutants\n# number, kind, verdict, what was changed\n";
  out << "per-kind\t" << per_kind << "\ndigest\t" << digest_of(rows, per_kind) << "\n";
  for (const Recorded& row : rows) {
    out << row.number << "\t" << row.kind << "\t" << row.verdict << "\t" << row.what
        << (row.why.empty() ? "" : "\t" + row.why) << "\n";
  }
}

std::vector<Exception> exceptions() {
  std::vector<Exception> out;
  for (const auto& cells : table(SLUICE_SOURCE_DIR "/tests/mutants/exceptions.tsv")) {
    if (cells.size() != 3 || (cells[0] != "they" && cells[0] != "we")) {
      throw std::runtime_error("exceptions.tsv: \"they\" or \"we\", words, evidence");
    }
    out.push_back({cells[0], cells[1], cells[2], false});
  }
  return out;
}

bool is_exception(std::vector<Exception>& known,
                  const std::string& theirs,
                  const std::string& ours) {
  for (Exception& row : known) {
    const std::string& said = row.stricter == "they" ? theirs : ours;
    if (said.find(row.words) != std::string::npos) {
      row.used = true;
      return true;
    }
  }
  return false;
}

}  // namespace sluice::test
