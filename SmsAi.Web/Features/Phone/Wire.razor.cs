using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using SmsAi.Core.Features.Phone;

namespace SmsAi.Web.Features.Phone;

/// <summary>Holds, clears and opens the lines of the wire; only this screen's view of them.</summary>
public sealed partial class Wire
{
    private const int Most = 40;

    private DateTimeOffset _clearedAt = DateTimeOffset.MinValue;
    private IReadOnlyList<WireLine>? _held;
    private string? _chosen;

    /// <summary>Newest first.</summary>
    [Parameter, EditorRequired] public IReadOnlyList<WireLine> Lines { get; set; } = [];

    private IReadOnlyList<WireLine> Shown => _held ?? Current;

    private IReadOnlyList<WireLine> Current => [.. Lines.Where(line => line.At > _clearedAt).Take(Most)];

    private int Missed => _held is null ? 0 : Current.Select(line => line.Key).Except(_held.Select(line => line.Key)).Count();

    private WireLine? Chosen => Shown.FirstOrDefault(line => line.Key == _chosen);

    private void Choose(WireLine line) => _chosen = _chosen == line.Key ? null : line.Key;

    private void OnKey(KeyboardEventArgs key, WireLine line)
    {
        if (key.Key is "Enter" or " ") Choose(line);
    }

    private void ToggleHold() => _held = _held is null ? Current : null;

    private void Clear()
    {
        _clearedAt = Shown.Max(line => line.At);
        _held = null;
    }
}
