using System.Globalization;
using Npgsql;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Features.ApiKeys;

/// <summary>The program's verb <c>apikey</c>: makes a key where nobody can open a page yet, and prints it alone, so that a script can take it.</summary>
public sealed class ApiKeyVerb(ApiKeyActs acts, Schema schema, TimeProvider clock)
{
    public const string Name = "apikey";
    public const string Usage = "apikey create --name N --role R [--expires-days D] [--scopes a,b] | list | rotate PREFIX [--overlap-hours H] | revoke PREFIX [--reason W]";

    private const int WrongUse = 2;
    private const int DaysUnlessSaid = 365;
    private const int OverlapHoursUnlessSaid = 24;

    /// <summary>What was asked for goes to <paramref name="output"/>, every other word to <paramref name="remarks"/>.</summary>
    public async Task<int> RunAsync(string[] args, TextWriter output, TextWriter remarks, CancellationToken cancel)
    {
        try
        {
            if (Arguments.Read(args) is not { } arguments)
                return await RefuseAsync(remarks, Usage);
            return await IsReadyAsync(cancel) ? await ActAsync(arguments, output, remarks, cancel) : await FailAsync(remarks, "The database doesn't answer: nothing was done.");
        }
        catch (MigrationException fault)
        {
            return await FailAsync(remarks, fault.Message);
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException)
        {
            return await FailAsync(remarks, "The database doesn't answer: nothing was done.");
        }
    }

    /// <summary>A new database gets its schema here just as at the program's start, where that may be.</summary>
    private async Task<bool> IsReadyAsync(CancellationToken cancel)
    {
        await schema.StartAsync(cancel);
        await schema.StopAsync(cancel);
        return schema.IsReady;
    }

    private Task<int> ActAsync(Arguments arguments, TextWriter output, TextWriter remarks, CancellationToken cancel) => arguments switch
    {
        { Act: "create", Key: null } => CreateAsync(arguments, output, remarks, cancel),
        { Act: "list", Key: null, Options.Count: 0 } => ListAsync(output, cancel),
        { Act: "rotate", Key: { } prefix } => RotateAsync(prefix, arguments, output, remarks, cancel),
        { Act: "revoke", Key: { } prefix } => RevokeAsync(prefix, arguments, remarks, cancel),
        _ => RefuseAsync(remarks, Usage),
    };

    private async Task<int> CreateAsync(Arguments arguments, TextWriter output, TextWriter remarks, CancellationToken cancel)
    {
        if (arguments.Unknown("name", "role", "expires-days", "scopes") is { } unknown)
            return await RefuseAsync(remarks, $"--{unknown} is not known. {Usage}");
        if (arguments.Number("expires-days", DaysUnlessSaid) is not { } days)
            return await RefuseAsync(remarks, "--expires-days: a whole number, 1 to 365.");
        var role = arguments.Text("role") ?? "";
        var order = new ApiKeyOrder(
            arguments.Text("name") ?? "",
            OperatorRoles.FromMightiest.FirstOrDefault(known => known.Equals(role, StringComparison.OrdinalIgnoreCase)) ?? role,
            TimeSpan.FromDays(days),
            arguments.Text("scopes")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct().ToArray());
        if (order.Faults() is { Count: > 0 } faults)
            return await RefuseAsync(remarks, string.Join('\n', faults.Select(fault => $"--{(fault.Key == "expires" ? "expires-days" : fault.Key)}: {fault.Value}")));
        return await HandOutAsync(await acts.CreateAsync(order, Actor.CommandLine, cancel), output, remarks);
    }

    private async Task<int> RotateAsync(string prefix, Arguments arguments, TextWriter output, TextWriter remarks, CancellationToken cancel)
    {
        if (arguments.Unknown("overlap-hours") is { } unknown)
            return await RefuseAsync(remarks, $"--{unknown} is not known. {Usage}");
        if (arguments.Number("overlap-hours", OverlapHoursUnlessSaid) is not { } hours || hours > ApiKeyActs.LongestOverlap.TotalHours)
            return await RefuseAsync(remarks, "--overlap-hours: a whole number, 0 to 168.");
        return await acts.RotateAsync(prefix, TimeSpan.FromHours(hours), Actor.CommandLine, cancel) is { } made
            ? await HandOutAsync(made, output, remarks)
            : await FailAsync(remarks, $"There is no key {prefix} that could be rotated. See: apikey list");
    }

    private async Task<int> RevokeAsync(string prefix, Arguments arguments, TextWriter remarks, CancellationToken cancel)
    {
        if (arguments.Unknown("reason") is { } unknown)
            return await RefuseAsync(remarks, $"--{unknown} is not known. {Usage}");
        if (!await acts.RevokeAsync(prefix, arguments.Text("reason") ?? "", Actor.CommandLine, cancel))
            return await FailAsync(remarks, $"There is no key {prefix} that still worked. See: apikey list");
        await remarks.WriteLineAsync($"Revoked {prefix}.");
        return 0;
    }

    private async Task<int> ListAsync(TextWriter output, CancellationToken cancel)
    {
        foreach (var key in await acts.ListAsync(cancel))
        {
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{key.Prefix}  {key.StateAt(clock.GetUtcNow()),-9}  {key.Role,-8}  until {key.ExpiresAt:yyyy-MM-dd}  {(key.LastUsedAt is { } last ? $"used {last:u}" : "never used"),-26}  {key.Name}"));
        }

        return 0;
    }

    private static async Task<int> HandOutAsync(MadeApiKey made, TextWriter output, TextWriter remarks)
    {
        await output.WriteLineAsync(made.Text);
        await remarks.WriteLineAsync($"Key {made.Prefix}, valid until {made.ExpiresAt:u}. It is shown this once.");
        return 0;
    }

    private static async Task<int> RefuseAsync(TextWriter remarks, string words)
    {
        await remarks.WriteLineAsync(words);
        return WrongUse;
    }

    private static async Task<int> FailAsync(TextWriter remarks, string words)
    {
        await remarks.WriteLineAsync(words);
        return 1;
    }

    /// <summary>An act, perhaps a key, and options by name.</summary>
    private sealed record Arguments(string Act, string? Key, IReadOnlyDictionary<string, string> Options)
    {
        public static Arguments? Read(string[] args)
        {
            var plain = new List<string>();
            var options = new Dictionary<string, string>(StringComparer.Ordinal);
            for (var at = 0; at < args.Length; at++)
            {
                if (!args[at].StartsWith("--", StringComparison.Ordinal))
                    plain.Add(args[at]);
                else if (args[at].IndexOf('=', StringComparison.Ordinal) is > 0 and var equals)
                    options[args[at][2..equals]] = args[at][(equals + 1)..];
                else if (at + 1 < args.Length)
                    options[args[at][2..]] = args[++at];
                else
                    return null;
            }

            return plain.Count is 1 or 2 ? new(plain[0], plain.ElementAtOrDefault(1), options) : null;
        }

        public string? Text(string name) => Options.GetValueOrDefault(name);

        public string? Unknown(params string[] known) => Options.Keys.FirstOrDefault(name => !known.Contains(name));

        public int? Number(string name, int otherwise) => !Options.TryGetValue(name, out var text)
            ? otherwise
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
