using Microsoft.AspNetCore.Components;
using SmsAi.Core.Platform.Access;

namespace SmsAi.Web.Platform.Shell;

/// <summary>Follows the state of the service and redraws the frame with it, also when only time passes.</summary>
public sealed partial class MainLayout : IDisposable
{
    private static readonly TimeSpan AgesGrow = TimeSpan.FromSeconds(5);

    private RailModel _rail = new();
    private ITimer? _clock;
    private Action? _follow;

    [Inject] public required RailSource Rail { get; init; }

    [Inject] public required TimeProvider Time { get; init; }

    [Inject] public required NavigationManager Navigation { get; init; }

    private string? Frame => _rail.Condition switch
    {
        ServiceCondition.Stopped => "is-stopped",
        ServiceCondition.Paused => "is-paused",
        _ => null,
    };

    private string PathHere => Navigation.ToBaseRelativePath(Navigation.Uri).Split('#')[0];

    public void Dispose()
    {
        Rail.Changed -= _follow;
        _clock?.Dispose();
    }

    protected override void OnInitialized()
    {
        // News come from a thread that knows no operator.
        _follow = OperatorCulture.Kept(Follow);
        Rail.Changed += _follow;
        _rail = Rail.Current;
        _clock = Time.CreateTimer(_ => Follow(), null, AgesGrow, AgesGrow);
    }

    private void Follow() => _ = InvokeAsync(() =>
    {
        _rail = Rail.Current;
        StateHasChanged();
    });
}
