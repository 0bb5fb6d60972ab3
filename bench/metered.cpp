// SPDX-License-Identifier: Apache-2.0
// Stands in for another program, runs it, and writes down what it cost: bench/chain.py puts it as `helm` and `kustomize` on
// PATH, linked statically, because a wrapper that loads libraries would cost what it is there to measure. Beside it lies
// NAME.is, the path of the real program; it appends to NAME.cpu a line of microseconds of CPU for each call, its own included.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>

namespace {

long long microseconds(int who) {
  rusage used{};
  getrusage(who, &used);
  return (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000LL + used.ru_utime.tv_usec +
         used.ru_stime.tv_usec;
}

}  // namespace

int main(int, char** arguments) {
  char self[4096] = {};
  char path[sizeof self + 8] = {};
  char real[4096] = {};
  if (readlink("/proc/self/exe", self, sizeof self - 1) < 0) return 125;
  std::snprintf(path, sizeof path, "%s.is", self);
  if (const int file = open(path, O_RDONLY); file < 0 || read(file, real, sizeof real - 1) <= 0) {
    return 125;
  }
  const pid_t child = vfork();
  if (child == 0) {
    execv(real, arguments);
    _exit(125);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) < 0) return 125;
  std::snprintf(path, sizeof path, "%s.cpu", self);
  const int file = open(path, O_WRONLY | O_APPEND);
  char line[32];
  std::snprintf(line, sizeof line, "%lld\n",
                microseconds(RUSAGE_SELF) + microseconds(RUSAGE_CHILDREN));
  // One write with O_APPEND, so that calls at the same time do not mix.
  if (write(file, line, std::strlen(line)) < 0) return 125;
  _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}
