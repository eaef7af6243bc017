namespace SmsAi.Web.Platform.Shell;

/// <summary>The newest <see cref="RailModel"/> of this replica; the switches' feature writes it, every open screen reads it.</summary>
public sealed class RailSource
{
    private RailModel _current = new();

    public event Action? Changed;

    public RailModel Current => Volatile.Read(ref _current);

    /// <summary>Changes the model in one step and tells the screens, if it says anything new.</summary>
    public void Update(Func<RailModel, RailModel> change)
    {
        RailModel before, after;
        do
        {
            before = Current;
            after = change(before);
            if (after == before) return;
        }
        while (Interlocked.CompareExchange(ref _current, after, before) != before);

        Changed?.Invoke();
    }
}
