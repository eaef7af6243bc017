namespace SmsAi.Web.Platform.Ui;

/// <summary>One short message at the bottom right, with at most one act.</summary>
public sealed record Toast(long Id, string Text, Tone Tone, string? ActName, Func<Task>? Act);

/// <summary>The toasts of one operator's screen: at most three; 5 s, 10 s with an act; faults stay until closed.</summary>
public sealed class Toasts(TimeProvider time) : IDisposable
{
    private const int Most = 3;
    private static readonly TimeSpan Brief = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WithAct = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly List<(Toast Toast, ITimer? Timer)> _shown = [];
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
            var timer = tone == Tone.Stop ? null : time.CreateTimer(_ => Close(toast.Id), null, life, Timeout.InfiniteTimeSpan);
            _shown.Add((toast, timer));
            if (_shown.Count > Most) RemoveAt(0);
        }

        Changed?.Invoke();
    }

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
            foreach (var (_, timer) in _shown) timer?.Dispose();
            _shown.Clear();
        }
    }

    private void RemoveAt(int index)
    {
        _shown[index].Timer?.Dispose();
        _shown.RemoveAt(index);
    }
}
