namespace SmsAi.Core.Pipeline.Queueing;

/// <summary>
/// Lets the road's writers go to the database in turn: who waits gathers more meanwhile, and a text costs less in a larger batch. It guards nothing,
/// so whoever has waited long enough goes all the same, and a statement that hangs holds up nobody for longer.
/// </summary>
/// <param name="atOnce">How many may be at the database together.</param>
/// <param name="patience">How long anybody waits for its turn.</param>
public sealed class WriterTurn(int atOnce, TimeSpan patience) : IDisposable
{
    /// <summary>Two others' statements at full load: with half of it batches shrink again, and without end a turn's end that hangs would stop the intake.</summary>
    public static readonly TimeSpan UsualPatience = TimeSpan.FromMilliseconds(15);

    private readonly SemaphoreSlim _places = new(atOnce);

    /// <summary>Completes when it is the caller's turn, or its patience is over; the turn ends when the result is disposed.</summary>
    public async ValueTask<Place> TakeAsync() => new(await _places.WaitAsync(patience) ? _places : null);

    public void Dispose() => _places.Dispose();

    /// <summary>A turn that was taken, or none where patience was over.</summary>
    public readonly struct Place(SemaphoreSlim? places) : IDisposable
    {
        public void Dispose() => places?.Release();
    }
}
