using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace SmsAi.Core.Platform.Database;

/// <summary>The program's verb <c>migrate</c>: apply, look, check or take back, with its words on the given writer and its result as an exit code.</summary>
public static class MigrateVerb
{
    const string Usage = "migrate [--dry-run | --validate-only | --status | --rollback] [--force]";
    static readonly string[] Flags = ["--dry-run", "--validate-only", "--status", "--rollback", "--force"];

    public static Task<int> RunAsync(
        string[] args, IConfiguration configuration, bool production, TextWriter output, ILoggerFactory? logs, CancellationToken cancel)
    {
        var address = PostgresAddress.OfMigrations(configuration);
        if (address is not null) return RunAsync(args, address, MigrationSet.Embedded, production, output, logs, cancel);
        output.WriteLine($"No database: set {PostgresAddress.Key} (or {PostgresAddress.MigrationsKey} for the schema's owner).");
        return Task.FromResult(2);
    }

    internal static async Task<int> RunAsync(
        string[] args, string address, Func<MigrationSet> migrations, bool production, TextWriter output, ILoggerFactory? logs, CancellationToken cancel)
    {
        var flags = args.Where(arg => arg != "migrate").ToList();
        if (flags.FirstOrDefault(flag => !Flags.Contains(flag)) is { } unknown)
        {
            await output.WriteLineAsync($"Unknown: {unknown}. {Usage}");
            return 2;
        }
        try
        {
            var runner = new MigrationRunner(address, migrations(), production, logs?.CreateLogger<MigrationRunner>());
            return await RunAsync(flags, runner, production, output, cancel);
        }
        catch (MigrationException fault)
        {
            await output.WriteLineAsync(fault.Message);
            return 1;
        }
        catch (NpgsqlException fault)
        {
            var reason = fault is PostgresException refused ? refused.MessageText : "it can't be reached";
            await output.WriteLineAsync($"The database did not take part: {reason}.");
            return 1;
        }
    }

    static Task<int> RunAsync(List<string> flags, MigrationRunner runner, bool production, TextWriter output, CancellationToken cancel)
    {
        var force = flags.Contains("--force");
        if (flags.Contains("--rollback")) return RollBackAsync(runner, force, output, cancel);
        if (flags.Contains("--validate-only")) return ValidateAsync(runner, output, cancel);
        if (flags.Contains("--status")) return StatusAsync(runner, output, cancel);
        if (flags.Contains("--dry-run")) return DryRunAsync(runner, force, production, output, cancel);
        return ApplyAsync(runner, force, output, cancel);
    }

    static async Task<int> ApplyAsync(MigrationRunner runner, bool force, TextWriter output, CancellationToken cancel)
    {
        var applied = await runner.ApplyAsync(force, cancel);
        foreach (var migration in applied) await output.WriteLineAsync($"applied {migration.Title} ({migration.Category})");
        await output.WriteLineAsync(applied.Count == 0 ? "The schema is up to date." : $"{applied.Count} applied; the schema is up to date.");
        return 0;
    }

    static async Task<int> DryRunAsync(MigrationRunner runner, bool force, bool production, TextWriter output, CancellationToken cancel)
    {
        var plan = await runner.PlanAsync(cancel);
        foreach (var migration in plan.Pending)
        {
            var notes = (migration.Destructive ? ", destructive" : "") + (migration.InTransaction ? "" : ", without a transaction");
            await output.WriteLineAsync($"would apply {migration.Title} ({migration.Category}{notes})");
            await output.WriteLineAsync(migration.Sql.TrimEnd());
        }
        plan.EnsureMayRun(force, production);
        await output.WriteLineAsync(plan.Pending.Count == 0 ? "The schema is up to date." : $"{plan.Pending.Count} would be applied; nothing was changed.");
        return 0;
    }

    static async Task<int> ValidateAsync(MigrationRunner runner, TextWriter output, CancellationToken cancel)
    {
        var plan = await runner.PlanAsync(cancel);
        foreach (var fault in plan.Faults) await output.WriteLineAsync(fault);
        foreach (var failed in plan.Failed) await output.WriteLineAsync($"{failed.Title} failed before ({failed.Error}).");
        foreach (var pending in plan.Pending) await output.WriteLineAsync($"{pending.Title} is not applied.");
        if (plan.IsUpToDate) await output.WriteLineAsync("Valid: the schema is up to date.");
        return plan.IsUpToDate ? 0 : 1;
    }

    static async Task<int> StatusAsync(MigrationRunner runner, TextWriter output, CancellationToken cancel)
    {
        foreach (var record in await runner.RecordsAsync(cancel))
        {
            var state = record.HasFailed ? $"failed: {record.Error}" : record.ReversedAt is { } at ? $"taken back {at:u}" : "applied";
            await output.WriteLineAsync($"{record.Title}  {record.AppliedAt:u}  {state}");
        }
        foreach (var pending in (await runner.PlanAsync(cancel)).Pending) await output.WriteLineAsync($"{pending.Title}  pending");
        return 0;
    }

    static async Task<int> RollBackAsync(MigrationRunner runner, bool force, TextWriter output, CancellationToken cancel)
    {
        var taken = await runner.RollBackAsync(force, cancel);
        await output.WriteLineAsync(taken is null ? "Nothing is applied." : $"taken back {taken.Title}");
        return 0;
    }
}
