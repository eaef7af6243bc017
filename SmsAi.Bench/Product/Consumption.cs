using SmsAi.Bench.Measuring;

namespace SmsAi.Bench.Product;

/// <summary>What a program and its servers have used up to one moment.</summary>
public readonly record struct Consumption(ProcessUse App, ProcessUse Postgres, ProcessUse Redis)
{
    public static Consumption Now(int app, ProductServers servers) => new(
        ProcessTree.Of(app), ProcessTree.Of(servers.PostgresProcess), servers.RedisProcess == 0 ? default : ProcessTree.Of(servers.RedisProcess));

    public CpuPerText Since(Consumption before, int texts) => new(
        (App.CpuSeconds - before.App.CpuSeconds) * 1000 / texts,
        (Postgres.CpuSeconds - before.Postgres.CpuSeconds) * 1000 / texts,
        (Redis.CpuSeconds - before.Redis.CpuSeconds) * 1000 / texts);
}
