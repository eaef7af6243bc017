using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using SmsAi.Core.Features.Metrics;
using SmsAi.Core.Platform.Access;

namespace SmsAi.Web.Features.Metrics;

/// <summary>The first page: is it well, and what needs me. Everything on it is the replica's one snapshot as it comes; its pictures may reach further back.</summary>
public sealed partial class OverviewPage
{
    private static readonly TimeSpan AgesGrow = TimeSpan.FromSeconds(5);

    private static readonly (OverviewReach Reach, string? Word, string Title)[] Spans =
        [(OverviewReach.Hour, null, "Last hour"), (OverviewReach.Today, "today", "Today"), (OverviewReach.Week, "week", "7 days")];

    private readonly OverviewCharts _charts = new();
    private bool _mayShowBodies;

    [Inject] public required OverviewModel Model { get; init; }

    [Inject] public required TimeProvider Time { get; init; }

    [Inject] public required IAuthorizationService Authorization { get; init; }

    /// <summary>"today" or "week"; else the last hour.</summary>
    [SupplyParameterFromQuery] public string? Span { get; set; }

    [CascadingParameter] public required Task<AuthenticationState> Authentication { get; set; }

    protected override void OnInitialized() => Watch(leaving => Task.WhenAll(FollowAsync(leaving), GrowOldAsync(leaving)));

    protected override async Task OnInitializedAsync()
    {
        var person = (await Authentication).User;
        _mayShowBodies = (await Authorization.AuthorizeAsync(person, Rights.CanReadBodies)).Succeeded
            && (await Authorization.AuthorizeAsync(person, Rights.CanAdminister)).Succeeded;
    }

    protected override async Task OnParametersSetAsync()
    {
        var reach = Spans.FirstOrDefault(span => span.Word == Span).Reach;
        if (reach == Model.Reach)
            return;
        await ReadAsync(cancel => Model.ReachAsync(reach, cancel));
        Draw();
    }

    private async Task FollowAsync(CancellationToken leaving)
    {
        await foreach (var snapshot in Model.WatchAsync(leaving))
        {
            await ReadAsync(cancel => Model.ApplyAsync(snapshot, cancel));
            Draw();
            StateHasChanged();
        }
    }

    private void Draw()
    {
        if (Model.Span is { } span)
            _charts.Draw(span, Clock, Time);
    }

    /// <summary>Snapshots that fail to come are noticed, too.</summary>
    private async Task GrowOldAsync(CancellationToken leaving)
    {
        using var timer = new PeriodicTimer(AgesGrow, Time);
        while (await timer.WaitForNextTickAsync(leaving))
            if (Model.IsOld) StateHasChanged();
    }

    private Task ShowBodiesAsync(bool shows) =>
        _mayShowBodies ? ReadAsync(cancel => Model.ShowBodiesAsync(shows, cancel)) : Task.CompletedTask;

    private string Moment(DateTimeOffset at) => Clock.LongMinute(at) + (Clock.ToLocal(at).Offset == TimeSpan.Zero ? "" : ". Days are UTC days");
}
