using System.Globalization;
using Npgsql;
using SmsAi.Core.Features.Auditing;

namespace SmsAi.Core.Features.Stopping;

/// <summary>The program's verb <c>kill</c>: stops every replica when the web can't be reached, and says what it did.</summary>
public sealed class StopVerb(StopSwitches switches, StopReceipts receipts)
{
    public async Task<int> RunAsync(string[] args, TextWriter output, CancellationToken cancel)
    {
        try
        {
            var ver = await switches.StopAllAsync(Actor.CommandLine, string.Join(' ', args), cancel);
            await output.WriteLineAsync(Words(await receipts.AwaitAsync(ver, cancel)));
            return 0;
        }
        catch (NpgsqlException)
        {
            await output.WriteLineAsync("The database doesn't answer, so nothing is sent anyway; the stop was not written. Run it again when the database is back.");
            return 1;
        }
    }

    /// <summary>The receipt in one sentence.</summary>
    public static string Words(StopReceipt receipt) => string.Create(CultureInfo.InvariantCulture,
        $"Stopped{(receipt.TookMs is { } ms ? $" in {ms} ms" : "")}; {receipt.ModelCallsCancelled} model calls cancelled; {receipt.Held} held; {receipt.SentSince} sent since; {receipt.ReplicasConfirmed} of {receipt.ReplicasExpected} replicas acknowledged.");
}
