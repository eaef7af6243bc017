namespace SmsAi.Web.Platform.Ui;

/// <summary>One short message at the bottom right, with at most one act.</summary>
public sealed record Toast(long Id, string Text, Tone Tone, string? ActName, Func<Task>? Act);

/// <summary>
/// The toasts of one operator's screen: at most three; 5 s, 10 s with an act, and longer while pointer or focus is among them; faults stay until closed.
/// </summary>
public sealed class Toasts(TimeProvider time) : IDisposable
{
    private const int Most = 3;
    private static readonly TimeSpan Brief = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WithAct = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly List<(Toast Toast, TimeSpan Life, ITimer? Timer)> _shown = [];
    private bool _isHeld;
    private long _lastId;

    public event Action? Changed;

    public IReadOnlyList<Toast> Shown
    {
        get { lock (_lock) return [.. _shown.Select(entry => entry.Toast)]; }
    }

    public void Show(string text, Tone tone = Tone.Ok, string? actName = null, Func<Task>? act = null)
    {
        lock (_lock)
        {
            var toast = new Toast(++_lastId, text, tone, actName, act);
            var life = act is null ? Brief : WithAct;
            var timer = tone == Tone.Stop ? null : time.CreateTimer(_ => Close(toast.Id), null, _isHeld ? Timeout.InfiniteTimeSpan : life, Timeout.InfiniteTimeSpan);
            _shown.Add((toast, life, timer));
            if (_shown.Count > Most) RemoveAt(0);
        }

        Changed?.Invoke();
    }

    /// <summary>Somebody is at them: none goes by itself.</summary>
    public void Hold() => SetHeld(true);

    /// <summary>Each has its whole time again.</summary>
    public void Release() => SetHeld(false);

    public void Close(long id)
    {
        lock (_lock)
        {
            var index = _shown.FindIndex(entry => entry.Toast.Id == id);
            if (index < 0) return;
            RemoveAt(index);
        }

        Changed?.Invoke();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var (_, _, timer) in _shown) timer?.Dispose();
            _shown.Clear();
        }
    }

    private void RemoveAt(int index)
    {
        _shown[index].Timer?.Dispose();
        _shown.RemoveAt(index);
        // With the last one the place is gone that could be left.
        if (_shown.Count == 0) _isHeld = false;
    }

    private void SetHeld(bool isHeld)
    {
        lock (_lock)
        {
            _isHeld = isHeld;
            foreach (var (_, life, timer) in _shown) timer?.Change(isHeld ? Timeout.InfiniteTimeSpan : life, Timeout.InfiniteTimeSpan);
        }
    }
}
