// SPDX-License-Identifier: Apache-2.0

/// libgit2 1.5 never frees what PCRE2 needs for a match: for each pattern that it looks up in a
/// configuration. Of use with the preset dev only.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {  // NOLINT(bugprone-reserved-identifier)
  return "leak:libpcre2";
}
