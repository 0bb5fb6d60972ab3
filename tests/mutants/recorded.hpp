// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace sluice::test {

/// What the API server's code said of one mutant (verdicts.tsv).
struct Recorded {
  std::size_t number = 0;
  std::string kind;
  std::string verdict;  ///< "accept" or "reject"
  std::string what;
  std::string why;  ///< the beginning of its reason, when sluice-validate answers otherwise
};

struct Record {
  std::size_t per_kind = 0;
  std::string digest;  ///< SHA-256 of the recorded mutants' bytes
  std::vector<Recorded> rows;
};

Record read_recorded();
void write_recorded(const std::vector<Recorded>& rows, std::size_t per_kind);

/// SHA-256 of the bytes of those mutants, one after the other.
std::string digest_of(const std::vector<Recorded>& rows, std::size_t per_kind);

/// Where the answer may be another one (exceptions.tsv): who is stricter, a part of the words with
/// which, and why that is right.
struct Exception {
  std::string stricter;  ///< "they" or "we"
  std::string words;
  std::string evidence;
  bool used = false;
};
std::vector<Exception> exceptions();
/// `theirs` and `ours` are the reasons of a refusal; one of them is empty. Marks the row as used.
bool is_exception(std::vector<Exception>& known,
                  const std::string& theirs,
                  const std::string& ours);

}  // namespace sluice::test
