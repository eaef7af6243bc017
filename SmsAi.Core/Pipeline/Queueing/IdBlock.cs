using Npgsql;

namespace SmsAi.Core.Pipeline.Queueing;

/// <summary>Ids known before their row is written: each call of the sequence reserves a block as wide as the sequence's increment.</summary>
public sealed class IdBlock(NpgsqlDataSource database, string sequence, int size) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private long _next;
    private long _end;

    /// <summary>So many ids, ascending; a restart leaves gaps, which mean nothing.</summary>
    public async ValueTask<long[]> TakeAsync(int count, CancellationToken cancel)
    {
        var ids = new long[count];
        await _gate.WaitAsync(cancel);
        try
        {
            for (var index = 0; index < count; index++)
            {
                if (_next == _end)
                    await ReserveAsync(cancel);
                ids[index] = _next++;
            }

            return ids;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task ReserveAsync(CancellationToken cancel)
    {
        await using var command = database.CreateCommand("select nextval($1::regclass)");
        command.Parameters.Add(new() { Value = sequence });
        _next = (long)(await command.ExecuteScalarAsync(cancel))!;
        _end = _next + size;
    }
}

/// <summary>The id blocks of messages and people.</summary>
public sealed class Ids(NpgsqlDataSource database) : IDisposable
{
    // The sizes are the increments of the sequences in migration 0001.
    public IdBlock Messages { get; } = new(database, "messages_id_seq", 1000);

    public IdBlock Users { get; } = new(database, "users_id_seq", 100);

    public void Dispose()
    {
        Messages.Dispose();
        Users.Dispose();
    }
}
