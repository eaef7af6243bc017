using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Pipeline.Sending;

/// <summary>Wakes held sends whose gates have all opened: the same conditions that held them decide.</summary>
public sealed class HeldSends(Databases databases, IEnumerable<ISendGate> gates)
{
    private readonly string _wakeSql = GateSql.Wake(gates);

    public async Task<int> WakeAsync(CancellationToken cancel)
    {
        await using var command = databases.Road.CreateCommand(_wakeSql);
        return await command.ExecuteNonQueryAsync(cancel);
    }
}
