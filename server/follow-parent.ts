// Preloaded into what the supervisor starts: when the supervisor is gone, even killed, its children end in order too.
if (process.channel) {
  process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
  // The channel itself must not keep a process alive that has ended its work.
  process.channel.unref();
}
