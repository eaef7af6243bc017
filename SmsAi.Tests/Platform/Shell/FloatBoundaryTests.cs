using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Radzen;
using Radzen.Blazor;
using SmsAi.Web.Platform.Shell;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Tests.Platform.Shell;

/// <summary>A dialog that fails goes, says so with an id, and the next one opens.</summary>
public sealed class FloatBoundaryTests : BunitContext
{
    public FloatBoundaryTests()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddRadzenComponents();
        Services.AddSingleton(TimeProvider.System);
        Services.AddScoped<Toasts>();
    }

    [Fact]
    public async Task Dialog_that_fails_is_closed_with_an_id_of_its_fault_and_the_next_one_opens()
    {
        var dialogs = Services.GetRequiredService<DialogService>();
        var screen = Render<FloatBoundary>(with => with.AddChildContent<RadzenDialog>());
        _ = screen.InvokeAsync(() => dialogs.OpenAsync<Fragile>("First"));
        screen.WaitForElement("button.break");

        await screen.Find("button.break").ClickAsync(new());

        screen.FindAll("button.break").ShouldBeEmpty();
        var toast = Services.GetRequiredService<Toasts>().Shown.ShouldHaveSingleItem();
        toast.Tone.ShouldBe(Tone.Stop);
        toast.Text.ShouldMatch("^That failed .* [0-9A-F]{10}\\.$");
        toast.Text.ShouldNotContain("on purpose");
        _ = screen.InvokeAsync(() => dialogs.OpenAsync<Fragile>("Second"));
        screen.WaitForElement("button.break");
        screen.Markup.ShouldContain("Second");
        screen.Markup.ShouldNotContain("First");
    }

    [Fact]
    public void What_fails_whenever_it_is_shown_stays_away_and_leaves_the_screen_to_the_operator()
    {
        var screen = Render<FloatBoundary>(with => with.AddChildContent<NeverWhole>());

        screen.Markup.ShouldBeEmpty();
        Services.GetRequiredService<Toasts>().Shown.Count.ShouldBe(2);
    }

    [Fact]
    public void What_stayed_away_is_tried_again_on_the_next_page()
    {
        var isBroken = true;
        var screen = Render<FloatBoundary>(with => with.AddChildContent<Moody>(child => child.Add(moody => moody.IsBroken, () => isBroken)));
        screen.Markup.ShouldBeEmpty();

        isBroken = false;
        screen.Render(with => with.AddChildContent<Moody>(child => child.Add(moody => moody.IsBroken, () => isBroken)));

        screen.Markup.ShouldBe("whole");
    }

    private sealed class NeverWhole : ComponentBase
    {
        protected override void BuildRenderTree(RenderTreeBuilder builder) => throw new InvalidOperationException("Broken on purpose.");
    }

    private sealed class Moody : ComponentBase
    {
        [Parameter] public required Func<bool> IsBroken { get; set; }

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            if (IsBroken()) throw new InvalidOperationException("Broken on purpose.");
            builder.AddContent(0, "whole");
        }
    }

    private sealed class Fragile : ComponentBase
    {
        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.OpenElement(0, "button");
            builder.AddAttribute(1, "class", "break");
            builder.AddAttribute(2, "onclick", EventCallback.Factory.Create<MouseEventArgs>(this, () => throw new InvalidOperationException("Broken on purpose.")));
            builder.CloseElement();
        }
    }
}
