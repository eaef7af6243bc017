using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using SmsAi.Core.Features.Metrics;
using SmsAi.Core.Platform.Access;

namespace SmsAi.Web.Features.Metrics;

/// <summary>
/// Decides which rows stand in the list: the newest, or those that stood there when it was held. Their states go on in either case. Where
/// many come at once, the list follows once a second: nobody reads faster, and each time is a page's worth of rows to draw.
/// </summary>
public sealed partial class LiveTail
{
    private const int Many = 10;

    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private readonly HashSet<long> _missed = [];
    private IReadOnlyList<TailRow> _shown = [];
    private bool _isHeld;
    private bool _isUnderPointer;
    private bool _stays;
    private long _followedAt;

    [Inject] public required TimeProvider Time { get; init; }

    /// <summary>Newest first.</summary>
    [Parameter, EditorRequired] public IReadOnlyList<TailRow> Rows { get; set; } = [];

    [Parameter] public IReadOnlyDictionary<long, string> Bodies { get; set; } = new Dictionary<long, string>();

    [Parameter] public bool ShowsBodies { get; set; }

    [Parameter] public bool MayShowBodies { get; set; }

    [Parameter] public EventCallback<bool> OnShowBodies { get; set; }

    private string Missed => NumberText.Of(_missed.Count);

    private string About => (_isHeld, _isUnderPointer, _missed.Count, ShowsBodies, MayShowBodies) switch
    {
        (false, true, > 0, _, _) => $"{Missed} new, shown when the pointer leaves",
        (_, _, _, true, _) => "Texts are shown to you",
        (_, _, _, _, true) => "Texts are hidden",
        _ => "Texts are hidden for your role",
    };

    protected override void OnParametersSet()
    {
        _stays = false;
        if ((_isHeld || _isUnderPointer) && _shown.Count > 0) Wait();
        else if (_shown.Count > 0 && Time.GetElapsedTime(_followedAt) < Pace && Rows.TakeWhile(row => row.Id != _shown[0].Id).Count() >= Many) _stays = true;
        else Follow();
    }

    protected override bool ShouldRender() => !_stays;

    private void Wait()
    {
        var newest = Rows.ToDictionary(row => row.Id);
        var known = _shown.Select(row => row.Id).ToHashSet();
        _missed.UnionWith(newest.Keys.Where(id => !known.Contains(id)));
        _shown = [.. _shown.Select(row => newest.GetValueOrDefault(row.Id, row))];
    }

    private void Follow()
    {
        _missed.Clear();
        (_shown, _stays, _followedAt) = (Rows, false, Time.GetTimestamp());
    }

    private void ToggleHold()
    {
        (_isHeld, _stays) = (!_isHeld, false);
        if (!_isHeld) Follow();
    }

    // A finger has no place over the list once it is lifted.
    private void Enter(PointerEventArgs pointer) => _isUnderPointer = pointer.PointerType == "mouse";

    private void Leave()
    {
        _isUnderPointer = false;
        if (!_isHeld) Follow();
    }

    private static string PathOf(TailRow row) => string.Create(CultureInfo.InvariantCulture, $"messages/{row.Id}");
}
