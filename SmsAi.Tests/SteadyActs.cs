using System.Runtime.CompilerServices;
using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace SmsAi.Tests;

/// <summary>
/// Acts on what a page shows as a browser does: on the element that stands there now, between two drawings. bUnit's own acts, which these stand
/// before, take what was drawn when it was found, and fail or are lost when the page is drawn anew in that moment.
/// </summary>
internal static class SteadyActs
{
    private static readonly ConditionalWeakTable<IElement, Place> Places = [];

    public static IElement Find<T>(this IRenderedComponent<T> page, string selector)
        where T : IComponent
    {
        var element = RenderedComponentExtensions.Find(page, selector);
        Places.AddOrUpdate(element, PlaceOf(page, selector, 0));
        return element;
    }

    public static IReadOnlyList<IElement> FindAll<T>(this IRenderedComponent<T> page, string selector)
        where T : IComponent
    {
        var elements = RenderedComponentExtensions.FindAll(page, selector);
        for (var index = 0; index < elements.Count; index++)
            Places.AddOrUpdate(elements[index], PlaceOf(page, selector, index));
        return elements;
    }

    public static IElement WaitForElement<T>(this IRenderedComponent<T> page, string selector)
        where T : IComponent
    {
        var element = RenderedComponentWaitForHelperExtensions.WaitForElement(page, selector);
        Places.AddOrUpdate(element, PlaceOf(page, selector, 0));
        return element;
    }

    public static void Click(this IElement element) => Act(element, now => EventHandlerDispatchExtensions.Click(now));

    public static Task ClickAsync(this IElement element, MouseEventArgs? click = null) =>
        ActAsync(element, now => EventHandlerDispatchExtensions.ClickAsync(now, click ?? new MouseEventArgs()));

    public static void Change<T>(this IElement element, T value) => Act(element, now => EventHandlerDispatchExtensions.Change(now, value));

    public static void Change(this IElement element, ChangeEventArgs change) => Act(element, now => EventHandlerDispatchExtensions.Change(now, change));

    public static Task ChangeAsync<T>(this IElement element, T value) => ActAsync(element, now => EventHandlerDispatchExtensions.ChangeAsync(now, value));

    public static Task ChangeAsync(this IElement element, ChangeEventArgs change) =>
        ActAsync(element, now => EventHandlerDispatchExtensions.ChangeAsync(now, change));

    public static void Input<T>(this IElement element, T value) => Act(element, now => EventHandlerDispatchExtensions.Input(now, value));

    public static void Submit(this IElement element) => Act(element, now => EventHandlerDispatchExtensions.Submit(now, EventArgs.Empty));

    public static Task SubmitAsync(this IElement element) => ActAsync(element, now => EventHandlerDispatchExtensions.SubmitAsync(now, EventArgs.Empty));

    private static Place PlaceOf<T>(IRenderedComponent<T> page, string selector, int index)
        where T : IComponent =>
        new(() => RenderedComponentExtensions.FindAll(page, selector), index, act => page.InvokeAsync(act), act => page.InvokeAsync(act));

    private static void Act(IElement element, Action<IElement> act)
    {
        if (Places.TryGetValue(element, out var place))
            place.Invoke(() => act(place.Now(element))).GetAwaiter().GetResult();
        else
            act(element);
    }

    private static Task ActAsync(IElement element, Func<IElement, Task> act) =>
        Places.TryGetValue(element, out var place) ? place.InvokeAsync(() => act(place.Now(element))) : act(element);

    /// <summary>Where an element was found, and the dispatcher of its page: nothing is drawn while something runs on it.</summary>
    private sealed record Place(Func<IReadOnlyList<IElement>> FindAll, int Index, Func<Action, Task> Invoke, Func<Func<Task>, Task> InvokeAsync)
    {
        /// <summary>The same element as it is drawn now; itself, if nothing there is the same.</summary>
        public IElement Now(IElement was)
        {
            var all = FindAll();
            var there = all.ElementAtOrDefault(Index);
            if (all.Contains(was)) return was;
            if (there is not null && IsSame(there, was)) return there;
            return all.FirstOrDefault(one => IsSame(one, was)) ?? (there?.TagName == was.TagName ? there : was);
        }

        private static bool IsSame(IElement one, IElement other) =>
            one.TagName == other.TagName && one.Id == other.Id && one.GetAttribute("aria-label") == other.GetAttribute("aria-label") && one.TextContent == other.TextContent;
    }
}
