// SPDX-License-Identifier: Apache-2.0
#include "proc/confinement.hpp"

#include <array>
#include <cerrno>
#include <cstddef>
#include <fcntl.h>
#include <filesystem>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <string_view>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace sluice::proc {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t architecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t architecture = AUDIT_ARCH_AARCH64;
#else
constexpr std::uint32_t architecture = 0;  // unknown: no filter is installed
#endif

constexpr std::uint32_t refuse = SECCOMP_RET_ERRNO | EPERM;
constexpr std::uint32_t first_x32_call = 0x4000'0000;  // the same calls under other numbers

/// Where a program and what it is linked with may lie; nothing of these is anybody's secret.
constexpr std::array system_folders = {
    "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix", "/gnu/store", "/etc/ld.so.cache"};
constexpr std::array devices = {"/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"};

constexpr std::uint64_t of_files =
    LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE;
constexpr std::uint64_t reading = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr std::uint64_t running = reading | LANDLOCK_ACCESS_FS_EXECUTE;
constexpr std::uint64_t everything = (LANDLOCK_ACCESS_FS_REFER << 1U) - 1;  // the highest of ABI 2

/// What is not there needs no rule.
void allow(const Descriptor& ruleset, const std::string& path, std::uint64_t rights) {
  const Descriptor place(::open(path.c_str(), O_PATH | O_CLOEXEC));
  struct stat facts {};
  if (!place || ::fstat(place.get(), &facts) != 0) {
    return;
  }
  landlock_path_beneath_attr rule{};
  rule.allowed_access = S_ISDIR(facts.st_mode) ? rights : rights & of_files;
  rule.parent_fd = place.get();
  (void)::syscall(SYS_landlock_add_rule, ruleset.get(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
}

Descriptor ruleset_for(const Confinement& confinement, const std::string& program) {
  if (::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION) < 2) {
    return Descriptor();  // without Linux 5.19 no file may be moved to another folder at all
  }
  landlock_ruleset_attr wanted{};
  wanted.handled_access_fs = everything;
  Descriptor ruleset(
      static_cast<int>(::syscall(SYS_landlock_create_ruleset, &wanted, sizeof wanted, 0)));
  if (!ruleset) {
    return ruleset;
  }
  for (const auto* folder : system_folders) {
    allow(ruleset, folder, running);
  }
  for (const auto* device : devices) {
    allow(ruleset, device, reading | LANDLOCK_ACCESS_FS_WRITE_FILE);
  }
  std::error_code ignored;
  allow(ruleset, std::filesystem::canonical(program, ignored).string(), running);
  for (const auto& path : confinement.readable) {
    allow(ruleset, path, reading);
  }
  for (const auto& path : confinement.writable) {
    allow(ruleset, path, everything & ~LANDLOCK_ACCESS_FS_EXECUTE);
  }
  return ruleset;
}

/// Every call of another machine, every socket, and io_uring, which opens sockets by itself.
void refuse_sockets() noexcept {
  constexpr auto number = static_cast<std::uint32_t>(offsetof(seccomp_data, nr));
  constexpr auto machine = static_cast<std::uint32_t>(offsetof(seccomp_data, arch));
  std::array<sock_filter, 9> filter = {
      {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, machine),
       BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, architecture, 1, 0), BPF_STMT(BPF_RET | BPF_K, refuse),
       BPF_STMT(BPF_LD | BPF_W | BPF_ABS, number),
       BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, first_x32_call, 3, 0),
       BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 2, 0),
       BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_uring_setup, 1, 0),
       BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW), BPF_STMT(BPF_RET | BPF_K, refuse)}};
  const sock_fprog program{.len = filter.size(), .filter = filter.data()};
  (void)::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
}

}  // namespace

Fence::Fence(const Confinement& confinement, const std::string& program)
    : wanted_(true), files_(ruleset_for(confinement, program)) {}

void Fence::enter() const noexcept {
  if (!wanted_ || ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return;
  }
  if (files_) {
    (void)::syscall(SYS_landlock_restrict_self, files_.get(), 0);
  }
  if (architecture != 0) {
    refuse_sockets();
  }
}

}  // namespace sluice::proc
