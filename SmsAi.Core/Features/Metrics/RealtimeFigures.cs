namespace SmsAi.Core.Features.Metrics;

/// <summary>The figures of this moment for programs that ask often: what the Overview shows, asked of the database at most once a second for all of them.</summary>
public sealed class RealtimeFigures : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly OverviewSource _source;
    private readonly OverviewQuery _query;
    private readonly TimeProvider _clock;
    private readonly SemaphoreSlim _asking = new(1, 1);
    private OverviewSnapshot? _last;

    internal RealtimeFigures(OverviewSource source, OverviewQuery query, TimeProvider clock) => (_source, _query, _clock) = (source, query, clock);

    public async Task<OverviewSnapshot> ReadAsync(CancellationToken cancel)
    {
        await _asking.WaitAsync(cancel);
        try
        {
            if (IsFresh(_source.Current))
                return _source.Current!;
            if (!IsFresh(_last))
                _last = await _query.ReadAsync(cancel);
            return _last!;
        }
        finally
        {
            _asking.Release();
        }
    }

    public void Dispose() => _asking.Dispose();

    private bool IsFresh(OverviewSnapshot? snapshot) => snapshot is not null && _clock.GetUtcNow() - snapshot.At < Fresh;
}
