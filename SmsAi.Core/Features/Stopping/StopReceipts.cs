namespace SmsAi.Core.Features.Stopping;

/// <summary>Waits for the receipt of a flip, for those who want it in one answer: until every replica has acknowledged, or two seconds.</summary>
public sealed class StopReceipts(StopSwitches switches, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    public async Task<StopReceipt> AwaitAsync(long ver, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        using var look = new PeriodicTimer(LookEvery);
        while (true)
        {
            var receipt = (await switches.ReceiptAsync(ver, cancel))!;
            if (receipt.ReplicasConfirmed >= receipt.ReplicasExpected || time.GetElapsedTime(started) > Patience)
                return receipt;
            await look.WaitForNextTickAsync(cancel);
        }
    }
}
