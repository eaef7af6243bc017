using System.Globalization;
using Npgsql;

namespace SmsAi.Core.Pipeline.Ledger;

/// <summary>The program's verb <c>ledger replay</c>: prints a stream's events, one a line, with its result as an exit code.</summary>
public sealed class LedgerVerb(LedgerReplay replay)
{
    private const string Usage = "ledger replay <stream> [from-version]   (a conversation's number; 0 is the service)";

    public async Task<int> RunAsync(string[] args, TextWriter output, CancellationToken cancel = default)
    {
        if (!TryParse(args, out var stream, out var fromVersion))
        {
            await output.WriteLineAsync(Usage);
            return 2;
        }

        try
        {
            var count = 0;
            await foreach (var entry in replay.ReadAsync(stream, fromVersion, cancel))
            {
                await output.WriteLineAsync(Line(entry));
                count++;
            }

            await output.WriteLineAsync(count == 0 ? $"Stream {stream} has no event from version {fromVersion} on." : $"{count} events.");
            return 0;
        }
        catch (NpgsqlException fault)
        {
            var reason = fault is PostgresException refused ? refused.MessageText : "it can't be reached";
            await output.WriteLineAsync($"The ledger can't be read: {reason}.");
            return 1;
        }
    }

    private static bool TryParse(string[] args, out long stream, out long fromVersion)
    {
        string[] words = args is ["ledger", ..] ? args[1..] : args;
        (stream, fromVersion) = (0, 1);
        return words is ["replay", var which, ..] && Number(which, out stream)
            && (words.Length == 2 || words.Length == 3 && Number(words[2], out fromVersion));
    }

    private static bool Number(string word, out long number) =>
        long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static string Line(LedgerEvent entry) => string.Create(
        CultureInfo.InvariantCulture,
        $"{entry.Version,6}  {entry.At.UtcDateTime:yyyy-MM-dd HH:mm:ss.fff}Z  {entry.Type,-12} {entry.CorrelationId,-10} {entry.Data}");
}
