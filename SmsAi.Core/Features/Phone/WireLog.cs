namespace SmsAi.Core.Features.Phone;

/// <summary>The webhooks that this replica's handsets posted, newest last; the rest of the wire is read from the ledger.</summary>
public sealed class WireLog
{
    private const int Kept = 100;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<WireLine>> _lines = [];
    private long _count;

    /// <summary>A key no other line has.</summary>
    public string NextKey() => $"post-{Interlocked.Increment(ref _count)}";

    public void Add(TestNumber handset, WireLine line)
    {
        lock (_lock)
        {
            if (!_lines.TryGetValue(handset.Canonical, out var lines))
                _lines[handset.Canonical] = lines = new List<WireLine>(Kept);
            if (lines.Count == Kept)
                lines.RemoveAt(0);
            lines.Add(line);
        }
    }

    public IReadOnlyList<WireLine> Of(TestNumber handset)
    {
        lock (_lock)
            return _lines.TryGetValue(handset.Canonical, out var lines) ? [.. lines] : [];
    }
}
